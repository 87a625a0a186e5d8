/** Started with the shop's folder and the store: begins as a site does, and tells how long it took and what it holds. */
const begin = performance.now();
const { handover } = await import('handover');
const importMs = performance.now() - begin;

const [config = '', store = '', seconds = '5'] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const start = performance.now();
const shop = handover({ config, store, watch: false, logger: quiet });
await shop.ready();
const readyMs = performance.now() - start;
const atReady = process.memoryUsage().rss;
let most = atReady;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
const until = Date.now() + Number(seconds) * 1000;
while (Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
clearInterval(watch);
globalThis.gc?.();
const idle = process.memoryUsage().rss;
process.send?.({ importMs, readyMs, megabytes: { atReady: atReady / 1e6, most: most / 1e6, idle: idle / 1e6 } });
await shop.close();
if (process.connected) process.disconnect();
