import express, { type Router } from 'express';
import type { WorkerUtils } from 'graphile-worker';
import type { Pool } from 'pg';
import Stripe from 'stripe';

/** The webhook as one would write it by hand: prove the event, note the order, queue its work once, answer. */
export function webhook({ pool, worker, secret }: { pool: Pool; worker: WorkerUtils; secret: string }): Router {
  const router = express.Router();
  router.post('/stripe', express.raw({ type: () => true }), async (request, response) => {
    let event: Stripe.Event;
    try {
      event = Stripe.webhooks.constructEvent(request.body as Buffer, request.headers['stripe-signature'] ?? '', secret);
    } catch {
      response.sendStatus(400);
      return;
    }
    if (event.type === 'checkout.session.completed' && event.data.object.payment_status === 'paid') {
      const { id, amount_total: amount, currency, customer_details: buyer } = event.data.object;
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const { rowCount } = await client.query(
          `INSERT INTO orders (session_id, email, name, amount, currency) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (session_id) DO NOTHING`,
          [id, buyer?.email, buyer?.name, amount, currency],
        );
        if (rowCount === 1) {
          await client.query("SELECT graphile_worker.add_job('fulfil', json_build_object('session', $1::text), job_key => $1::text)", [id]);
        }
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    }
    response.sendStatus(200);
  });
  return router;
}
