/** A site as it may have stood for years: CommonJS, Express 4, a body parser of its own. Handover is the three marked lines. */
const { join } = require('node:path');
const express = require('express4'); // In your site: require('express').
const { handover } = require('handover'); // 1

const shop = handover({
  config: process.env.HANDOVER_SHOP ?? join(__dirname, 'shop'),
  store: process.env.HANDOVER_STORE ?? 'handover.db',
}); // 2

const app = express();
app.use('/shop', shop); // 3: before the body parsers, so that callbacks arrive as they were sent
app.use(express.json());
app.use(express.urlencoded({ extended: true }));

app.get('/', (req, res) => {
  res.send('<h1>Ada Training</h1><p><a href="/shop/sandbox/pay?sku=TS-101">Buy the course (in the sandbox)</a></p>');
});
app.post('/newsletter', (req, res) => {
  res.json({ noted: req.body.email });
});

const server = app.listen(Number(process.env.PORT ?? 3000), () => console.log('Listening on', server.address()));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close();
    shop.close().finally(() => server.closeAllConnections());
  });
}
