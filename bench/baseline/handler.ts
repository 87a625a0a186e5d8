import express, { type Router } from 'express';
import type { WorkerUtils } from 'graphile-worker';
import Stripe from 'stripe';

/** The webhook as one writes it by hand: prove the event, queue its work once, answer. */
export function webhook({ queue, secret }: { readonly queue: WorkerUtils; readonly secret: string }): Router {
  const router = express.Router();
  router.post('/stripe', express.raw({ type: 'application/json' }), async (request, response) => {
    let event: Stripe.Event;
    try {
      event = Stripe.webhooks.constructEvent(request.body as Buffer, request.headers['stripe-signature'] ?? '', secret);
    } catch {
      response.sendStatus(400);
      return;
    }
    if (event.type === 'checkout.session.completed' && event.data.object.payment_status === 'paid') {
      const { id, customer_details: buyer } = event.data.object;
      await queue.addJob('fulfil', { session: id, email: buyer?.email, name: buyer?.name }, { jobKey: id });
    }
    response.sendStatus(200);
  });
  return router;
}
