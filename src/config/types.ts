// Generated from config.schema.json by `npm run generate`. Do not edit: change the schema.
/* eslint-disable */
export type * from './configuration.ts';

/**
 * What becomes of a grant: take it back, close it, leave it, or ask a person; at once or some days later.
 */
export type GrantEnding =
  | ('revoke' | 'suspend' | 'keep' | 'task')
  | {
      /**
       * "task": it stays until a person decides.
       */
      then: 'revoke' | 'suspend' | 'keep' | 'task';
      /**
       * So many days later. The reason may come back until then, and nothing happens.
       */
      afterDays: number;
    };

/**
 * handover.json: everything that is the same for all products.
 */
export interface SiteConfig {
  /**
   * "live" takes real money. "test" takes only test payments and opens the sandbox.
   */
  mode: 'live' | 'test';
  /**
   * The public address including the path handover is mounted at. Every link in pages and mails is made from it.
   */
  baseUrl: string;
  site: SiteFacts;
  brand: BrandConfig;
  owner: OwnerConfig;
  /**
   * Seals keys and passwords in the store and signs links. At least 32 characters. Of a list, the first one seals and signs and all of them open, so that it can be changed. Absent: a key file beside the SQLite file.
   */
  secret?: string[];
  mail?: MailConfig;
  /**
   * A purchase of several products: one page and one mail for all of them, or one for each. A product can say otherwise.
   */
  messages: 'condensed' | 'perItem';
  /**
   * A payment below the price because of a discount given at the gateway: hold the order for staff, or accept it. A product can say otherwise.
   */
  discounts: 'hold' | 'accept';
  /**
   * Whether a product's price contains the tax, or the gateway adds it on top. A product can say otherwise.
   */
  taxes: 'included' | 'added';
  outcomes: OutcomesConfig;
  retries: RetriesConfig;
  /**
   * How long a mail waits for grants that are late before it goes out naming them.
   */
  mailPatienceSeconds: number;
  links: LinksConfig;
  retention: RetentionConfig;
  checkout: CheckoutConfig;
  activation: ActivationConfig;
  alarms: AlarmsConfig;
  metrics?: MetricsConfig;
  quietHours: QuietHours;
}
/**
 * What pages and mails say about the site.
 */
export interface SiteFacts {
  /**
   * The name buyers know the site by.
   */
  name: string;
  /**
   * The link back to the site, shown on every page.
   */
  url?: string;
  /**
   * Where a buyer gets help: a mail address after "mailto:", or a web address.
   */
  support?: string;
  /**
   * Language of the built-in texts and of dates and sums (BCP 47).
   */
  language: string;
  /**
   * Time zone in which dates are written (IANA name).
   */
  timeZone: string;
}
/**
 * How pages and mails look.
 */
export interface BrandConfig {
  /**
   * Address of the logo: a web address, or a path on the site.
   */
  logo?: string;
  colors: BrandColors;
  fonts: BrandFonts;
  /**
   * Layout of the pages: a card in the middle, the whole width, or without decoration.
   */
  layout: 'card' | 'wide' | 'plain';
  /**
   * A line at the end of pages and mails, such as the company's registered address.
   */
  footer?: string;
}
/**
 * Colours as CSS writes them: #rrggbb or a name.
 */
export interface BrandColors {
  /**
   * Buttons and links.
   */
  primary: string;
  /**
   * Behind the card.
   */
  background: string;
  /**
   * The card itself.
   */
  surface: string;
  /**
   * Text.
   */
  text: string;
}
/**
 * Fonts as CSS writes a font family. They are not loaded from anywhere: name fonts that the buyer's machine has.
 */
export interface BrandFonts {
  /**
   * Running text.
   */
  body: string;
  /**
   * Headings.
   */
  heading: string;
}
/**
 * Who is told when a person has to act, and about sales.
 */
export interface OwnerConfig {
  /**
   * Gets everything that needs a person.
   */
  email: string;
  /**
   * What the owner gets for each sale: nothing, an exact copy of the buyer's mail (with its keys and links), or a short notice.
   */
  sales: 'none' | 'copy' | 'notice';
}
/**
 * The mail server. Required in live mode; without it in test mode, mails can only be looked at in the sandbox.
 */
export interface MailConfig {
  from: MailSender;
  /**
   * Where answers go, if not to the sender.
   */
  replyTo?: string;
  smtp: SmtpConfig;
}
/**
 * Who mails come from.
 */
export interface MailSender {
  /**
   * Shown as the sender. Default: the site's name.
   */
  name?: string;
  /**
   * The sender's address. Its domain must allow your mail server to send (SPF, DKIM).
   */
  email: string;
}
/**
 * How the server is reached.
 */
export interface SmtpConfig {
  /**
   * Name of the server.
   */
  host: string;
  /**
   * Port of the server.
   */
  port: number;
  /**
   * true: TLS from the first byte (port 465). false: the connection is upgraded by STARTTLS where the server offers it.
   */
  secure: boolean;
  /**
   * Name to sign in with.
   */
  user?: string;
  /**
   * Password to sign in with.
   */
  password?: string;
}
/**
 * What is shown, mailed and done for each thing that can happen to a payment. What is left out has a good default: the site's text, else the built-in one.
 */
export interface OutcomesConfig {
  pending?: OutcomeConfig;
  paid?: OutcomeConfig;
  partly?: OutcomeConfig;
  declined?: OutcomeConfig;
  expired?: OutcomeConfig;
  abandoned?: OutcomeConfig;
  refunded?: OutcomeConfig;
  partlyRefunded?: OutcomeConfig;
  disputed?: OutcomeConfig;
  disputeWon?: OutcomeConfig;
  renewed?: OutcomeConfig;
  renewalFailed?: OutcomeConfig;
  ended?: OutcomeConfig;
  held?: OutcomeConfig;
}

export interface OutcomeConfig {
  page?: PageText;
  /**
   * The buyer's mail, or false for none.
   */
  mail?: MailText | false;
  /**
   * The mail to who gets it, where that is not the buyer, or false for none. Only for "paid": it goes out whenever something was given to that person.
   */
  learnerMail?: MailText | false;
  /**
   * Who else is told, by mail.
   */
  tell?: string[];
  grants?: GrantEnding;
  run?: OutcomeActions;
}
/**
 * What the buyer's page says. Texts may use placeholders: {{buyer.firstName}}.
 */
export interface PageText {
  /**
   * The heading.
   */
  heading?: string;
  /**
   * The text. An empty line begins a new paragraph.
   */
  text?: string;
  button?: ButtonText;
  /**
   * Name of a view of your own in pages/, without ".ejs".
   */
  view?: string;
}
/**
 * One button.
 */
export interface ButtonText {
  /**
   * What it says.
   */
  label: string;
  /**
   * Where it leads: a placeholder, a web address, "mailto:" or a path on the site.
   */
  link: string;
}
/**
 * What the mail says. Texts may use placeholders: {{buyer.firstName}}.
 */
export interface MailText {
  /**
   * The subject, one line.
   */
  subject?: string;
  /**
   * The text. An empty line begins a new paragraph.
   */
  text?: string;
}
/**
 * Actions carried out once whenever this outcome comes about, each under a name of your choice: tell an accounting system, tag a mailing list. They give the buyer nothing and are never undone.
 */
export interface OutcomeActions {
  [k: string]: OutcomeAction;
}

export interface OutcomeAction {
  /**
   * "<connector>.<action>", by the name the connector has in handover.json.
   */
  action: string;
  /**
   * The action's input. Texts may use placeholders of order, buyer, learner, product, site and metadata.
   */
  with: {
    [k: string]: unknown;
  };
}
/**
 * When a step that failed is tried again. Each wait is shortened at random, so that steps do not come back all at once.
 */
export interface RetriesConfig {
  /**
   * How long to wait before each attempt, the first included.
   */
  delaysSeconds: number[];
  /**
   * How long to wait once the list is used up.
   */
  everySeconds: number;
  /**
   * After so many hours the step becomes a person's task and the owner is told.
   */
  untilHours: number;
}
/**
 * The signed links in pages and mails.
 */
export interface LinksConfig {
  /**
   * How long a link to an order's page works.
   */
  pageDays: number;
}
/**
 * For how long the store keeps what is not needed for the books. Orders, events, grants and what was decided stay for ever; `null` keeps the rest for ever too.
 */
export interface RetentionConfig {
  /**
   * Bodies and headers of callbacks, since they were settled. That they came is kept for ever, so a repetition years later is still known. What they told is in the order.
   */
  callbackDays: number | null;
  /**
   * What finished steps were given and returned and single attempts in the history, since the order changed last. Left alone while something of the order is open, and for grants that stand: taking them back needs it.
   */
  stepDays: number | null;
  /**
   * Samples of refused callbacks, of which the newest hundred of each gateway are kept.
   */
  sampleDays: number | null;
}
/**
 * The cart page and payments begun through it.
 */
export interface CheckoutConfig {
  /**
   * Other sites whose pages may post a cart to us, beside the one of "baseUrl" and "site.url": scheme and host, without a path.
   */
  origins: string[];
  /**
   * A payment that was begun and of which nothing is heard for so long is taken as abandoned; the buyer gets a link to go on.
   */
  abandonAfterMinutes: number;
  /**
   * Where the gateway sends a buyer who gives up. Default: the cart page with the same items.
   */
  cancelUrl?: string;
  /**
   * How many payments may be begun from one address in a minute. Behind a proxy, set Express's "trust proxy", or all buyers share one address.
   */
  requestsPerMinute: number;
}
/**
 * Answers to software that asks whether a key is good on a machine.
 */
export interface ActivationConfig {
  /**
   * Ed25519 private key that signs the answers: PEM, or base64 of PKCS 8. Default: one that is made at the first use and kept sealed in the store. Set it where several shops sell for the same software.
   */
  privateKey?: string;
  /**
   * How long software may go by an answer before it has to ask again. A key that is taken back stops working that much later on a machine without network.
   */
  answerDays: number;
  /**
   * The same for an answer that was carried by hand to a machine without network.
   */
  offlineDays: number;
  /**
   * How often in 30 days the seat of a machine can be given back, for each key.
   */
  returnsPerMonth: number;
  /**
   * How many questions one address may ask in a minute; a third of it for one key. Behind a proxy, set Express's "trust proxy", or all share one address.
   */
  requestsPerMinute: number;
}
/**
 * What the owner is told of by mail beside single orders: when it begins, once a day while it lasts, and when it is over.
 */
export interface AlarmsConfig {
  /**
   * The oldest unfinished callback or step is older than this. 0: never.
   */
  oldestMinutes: number;
  /**
   * By gateway: it has told nothing for so many hours, although it used to. A gateway that is not named may be silent.
   */
  silenceHours: {
    [k: string]: number;
  };
  /**
   * Most callbacks of a gateway within an hour are refused for their time stamp alone, so this server's clock may be wrong.
   */
  clock: boolean;
}
/**
 * The address /metrics below the mount, for Prometheus. It needs the option "metrics" of handover() as well.
 */
export interface MetricsConfig {
  /**
   * Whoever asks must send it as "Authorization: Bearer …". At least 16 characters. Without it the address does not exist.
   */
  token: string;
}
/**
 * When no follow-up mails are sent, in the site's time zone; they go out when the hours are over. Mails about a payment are never held back.
 */
export interface QuietHours {
  /**
   * Their beginning.
   */
  from: string;
  /**
   * Their end; before the beginning: the next morning.
   */
  until: string;
}
/**
 * products/*.json: one product, what it grants, and what is said and done for each outcome of a payment.
 */
export interface ProductConfig {
  /**
   * What the product is called at the payment gateway. Capital and small letters differ.
   */
  sku: string;
  /**
   * Other names a gateway has for it, such as the id of a price or a product there.
   */
  aliases?: string[];
  /**
   * What buyers see it called.
   */
  title: string;
  /**
   * A sentence or two, for pages and mails that show it.
   */
  description?: string;
  /**
   * The price of one, with the currency's code. Several currencies make a list. A payment of any other sum is held for staff.
   */
  price: string | string[];
  /**
   * A payment below the price because of a discount given at the gateway: hold the order for staff, or accept it. Default: as for the site.
   */
  discounts?: 'hold' | 'accept';
  /**
   * Whether the price contains the tax, or the gateway adds it on top. Default: as for the site.
   */
  taxes?: 'included' | 'added';
  /**
   * Bought together with others: on one page and in one mail with them, or on its own. Default: as for the site.
   */
  messages?: 'condensed' | 'perItem';
  metadata: ProductMetadata;
  access?: ProductAccess;
  /**
   * A free trial begun at the gateway: hold the order for staff, or give access for the trial's time.
   */
  trials: 'hold' | 'accept';
  cart?: CartRules;
  stock?: StockConfig;
  sale?: SaleWindow;
  /**
   * Who gets the units. "buyer": the buyer, or whom the order names. "assign": nobody yet; the buyer hands each unit to a person on the order page. What is given once for the whole line, such as one key for all seats, goes to the buyer.
   */
  seats: 'buyer' | 'assign';
  /**
   * How often the buyer may change who has one unit: each handing out and each taking back is one change. Then only staff can.
   */
  seatChanges: number;
  /**
   * What the buyer's page and mail show of what another person got: who has it, or also that person's links and keys.
   */
  buyerSees: 'names' | 'everything';
  /**
   * A bundle: the SKUs of products whose grants this one gives too, under their own names. Two products with a grant of the same name cannot be in one bundle.
   */
  includes?: string[];
  grants: GrantsConfig;
  outcomes: OutcomesConfig;
  followUps: FollowUps;
}
/**
 * Texts of your own. Each is a placeholder: {{metadata.key}}.
 */
export interface ProductMetadata {
  [k: string]: string;
}
/**
 * How long the buyer may use it. The period a subscription's payment covers goes before "days" and "months". Left out: for ever, or as long as the subscription is paid.
 */
export interface ProductAccess {
  /**
   * So many days from the payment. A renewal adds them to what is left.
   */
  days?: number;
  /**
   * So many calendar months from the payment. A renewal adds them to what is left.
   */
  months?: number;
  /**
   * Until the end of this day in the site's time zone.
   */
  until?: string;
  /**
   * How many days access goes on after its end, for a renewal that comes late. Default: 3 for subscriptions, else 0.
   */
  graceDays?: number;
}
/**
 * What a purchase begun on our cart page must keep to. Payments begun elsewhere are not held to it.
 */
export interface CartRules {
  /**
   * At least so many at once.
   */
  min: number;
  /**
   * At most so many at once. Default: no limit.
   */
  max?: number;
  /**
   * SKUs of products that must be in the same cart.
   */
  requires: string[];
  /**
   * SKUs of products that must not be in the same cart.
   */
  excludes: string[];
}
/**
 * How many there are to sell: places of a course session, a limited run. Counted over all payments, however they come in. Left out: as many as are wanted, or as the key pool of its grants has keys.
 */
export interface StockConfig {
  /**
   * How many may be sold in all. What is paid back can be sold again.
   */
  capacity: number;
  /**
   * Products with the same pool share its capacity, e.g. two prices of one session. Default: the product's own, by its SKU.
   */
  pool?: string;
  /**
   * The owner is told when so many are left, and once more when none is.
   */
  lowAt: number;
  /**
   * What buyers read when it is sold out. Default: a sentence of ours.
   */
  soldOut?: string;
}
/**
 * When it is sold, in the site's time zone. Purchases begun here are held to it, and gateways that ask before they take money; money that comes in all the same is accepted.
 */
export interface SaleWindow {
  /**
   * From the beginning of this day.
   */
  from?: string;
  /**
   * Until the end of this day.
   */
  until?: string;
}
/**
 * What the buyer is given, each under a name of your choice. The name makes placeholders: {{course.loginUrl}}.
 */
export interface GrantsConfig {
  [k: string]: GrantConfig;
}

export interface GrantConfig {
  /**
   * What gives it: "<connector>.<action>", by the name the connector has in handover.json.
   */
  action: string;
  /**
   * The action's input. Texts may use placeholders of order, buyer, learner, product, site and metadata.
   */
  with: {
    [k: string]: unknown;
  };
  /**
   * What buyers see it called. Default: the product's title.
   */
  title?: string;
  when?: GrantEndings;
}
/**
 * What becomes of this grant alone, where it differs from the outcome's "grants".
 */
export interface GrantEndings {
  refunded?: GrantEnding;
  disputed?: GrantEnding;
  ended?: GrantEnding;
}
/**
 * Mails for later, each under a name of your choice: a check-in, a reminder before access ends, a renewal offer, a request for a review. Only to buyers whose access stands, never within quiet hours, each with a link to be spared.
 */
export interface FollowUps {
  [k: string]: FollowUp;
}

export interface FollowUp {
  /**
   * So many days after the payment, and not before everything of the line is delivered.
   */
  daysAfter?: number;
  /**
   * So many days before access ends; nothing where it never does.
   */
  daysBeforeEnd?: number;
  mail: MailText;
}
/**
 * How much is asked of the other system at a time.
 */
export interface LimitsConfig {
  /**
   * How many steps run at the same time.
   */
  parallel: number;
  /**
   * How long one attempt may take.
   */
  timeoutSeconds: number;
}
/**
 * Compares what we have kept with the gateway's own list, and fetches what never arrived. Of several processes one does it.
 */
export interface SweepConfig {
  /**
   * How often.
   */
  everyHours: number;
  /**
   * How far back it looks each time.
   */
  sinceHours: number;
}

/** What can happen to a payment. */
export type OutcomeName = keyof OutcomesConfig;
