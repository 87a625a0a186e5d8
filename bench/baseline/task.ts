import type { Transporter } from 'nodemailer';
import type { Pool } from 'pg';
import type Stripe from 'stripe';
import type { Enrol } from './lms.ts';

export interface TaskParts {
  readonly pool: Pool;
  readonly stripe: Stripe;
  readonly enrol: Enrol;
  readonly mailer: Transporter;
}

interface Order {
  readonly session: string;
  readonly email: string;
  readonly name: string;
}

/** SKU to course. */
const courses: Readonly<Record<string, number>> = { 'TS-101': 17 };

/** What is done about a paid session. A queue may run it again, so a finished one is left alone. */
export function fulfil({ pool, stripe, enrol, mailer }: TaskParts) {
  return async (payload: unknown): Promise<void> => {
    const { session, email, name } = payload as Order;
    const { rows } = await pool.query<{ done_at: Date | null }>(
      `INSERT INTO orders (session_id, email, name) VALUES ($1, $2, $3)
       ON CONFLICT (session_id) DO UPDATE SET email = excluded.email RETURNING done_at`,
      [session, email, name],
    );
    if (rows[0]?.done_at) return;

    const items = await stripe.checkout.sessions.listLineItems(session, { limit: 100, expand: ['data.price.product'] });
    for (const { price, description } of items.data) {
      const course = courses[price?.metadata['sku'] ?? ''];
      if (course === undefined) throw new Error(`No course for ${description ?? 'an item'} of ${session}`);
      await enrol({ email, name, course });
    }
    await mailer.sendMail({
      from: 'Ada Training <shop@example.org>',
      to: email,
      subject: 'Your course is ready',
      text: `Hello ${name},\n\nyour course is ready: https://lms.example.org/course/view.php?id=17\n\nAda Training\n`,
      html: `<p>Hello ${name},</p><p>your course is ready: <a href="https://lms.example.org/course/view.php?id=17">begin</a></p><p>Ada Training</p>`,
    });
    await pool.query('UPDATE orders SET done_at = now() WHERE session_id = $1', [session]);
  };
}
