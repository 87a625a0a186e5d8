import type { App } from '../app.ts';
import type { OfflineDesk } from '../wiring/offline-desk.ts';
import { withApp } from './open-shop.ts';
import type { Place } from './place.ts';

/** The site without its web pages and its runner, and what staff do about money that no gateway reports. */
export async function withOfflineDesk<T>(place: Place, work: (desk: OfflineDesk, app: App) => Promise<T>): Promise<T> {
  const { createOfflineDesk } = await import('../wiring/offline-desk.ts');
  return withApp(place, (app) => work(createOfflineDesk(app), app));
}
