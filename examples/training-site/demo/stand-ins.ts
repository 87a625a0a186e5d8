import { randomBytes } from 'node:crypto';
import { startAxisLms, startMailbox, startStripe, type AxisLmsDouble, type Mailbox, type StripeDouble } from 'handover/testing';

/** The systems around a shop, all on this machine, and the environment that makes the site use them. */
export interface StandIns {
  readonly lms: AxisLmsDouble;
  readonly mailbox: Mailbox;
  readonly stripe: StripeDouble;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** `baseUrl`: where Handover will be mounted; Stripe's stand-in sends its callbacks there. */
export async function startStandIns(baseUrl: string): Promise<StandIns> {
  const [lms, mailbox, stripe] = await Promise.all([
    startAxisLms(),
    startMailbox(),
    startStripe({ deliverTo: `${baseUrl}/callbacks/stripe` }),
  ]);
  lms.addCourse({ id: '17', name: 'TypeScript in a week' });
  lms.addCourse({ id: '18', name: 'Fire safety' });
  return {
    lms,
    mailbox,
    stripe,
    env: {
      HANDOVER_BASE_URL: baseUrl,
      SITE_URL: new URL('/', baseUrl).href,
      AXIS_LMS_URL: lms.url,
      AXIS_LMS_API_KEY: lms.apiKey,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mailbox.port),
      STRIPE_API_BASE: stripe.url,
      STRIPE_API_KEY: stripe.apiKey,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      TEST_PRO_SECRET: randomBytes(32).toString('base64'),
    },
    async close() {
      await Promise.all([lms.close(), mailbox.close(), stripe.close()]);
    },
  };
}
