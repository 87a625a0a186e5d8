import { createSite } from './site.ts';

const { app, shop } = createSite();
const server = app.listen(Number(process.env['PORT'] ?? 3000), (error) => {
  if (error) throw error;
  console.log('Listening on', server.address());
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close();
    void shop.close().finally(() => server.closeAllConnections());
  });
}
