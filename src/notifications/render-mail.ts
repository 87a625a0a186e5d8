import { join } from 'node:path';
import { giveUp } from '../contract/errors.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import type { Person } from '../contract/event.ts';
import type { Logger } from '../contract/log.ts';
import type { PlannedStep } from '../contract/plan.ts';
import { lookOf, logoAddress } from '../presentation/brand.ts';
import { unreadable } from '../presentation/grant-view.ts';
import { viewOrder, type OrderView, type ViewParts } from '../presentation/order-view.ts';
import { createViews } from '../presentation/views.ts';
import type { OrderRecord } from '../storage/store.ts';

import { buyerLetter } from './buyer-letter.ts';
import { learnerLetter } from './learner-letter.ts';
import { letterText } from './letter-text.ts';
import type { Letter } from './letter.ts';
import { readMailInput, type MailInput } from './mail-input.ts';
import { scheduledLetter } from './scheduled-letter.ts';
import { noticeLetter, type NoticeParts } from './notice-letter.ts';
import { isTaskOver } from './notice-task.ts';
import { releaseLetter } from './release-letter.ts';

/** A mail ready to be sent. */
export interface RenderedMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Order lines it had to call late: they want a mail of their own once they are ready (`followUp: true` in its input). */
  readonly late: readonly number[];
  /** Where the receiver asks to get no more of these; only on follow-up mails. */
  readonly spareUrl?: string;
}

export interface MailRenderer {
  /**
   * Renders a `mail` or `notice` step as things stand now. `skipped`: there is nothing to send any more, and why. Throws
   * `giveUp`: `BUYER_EMAIL_MISSING`, `BUYER_EMAIL_INVALID`, `MAIL_RECEIVER_INVALID`, `SECRET_UNREADABLE`.
   */
  render(
    step: Pick<PlannedStep, 'verb' | 'input' | 'terms'>,
    record: OrderRecord | undefined,
    parts: MailParts,
  ): RenderedMail | { readonly skipped: string };
  /** A mail from its letter: for previews. */
  renderLetter(letter: Letter, parts: MailParts, order?: OrderView): Pick<RenderedMail, 'subject' | 'text' | 'html'>;
}

export interface MailParts extends ViewParts, NoticeParts {}

export interface MailRendererOptions {
  /** The package's `views` folder. */
  readonly viewsFolder: string;
  /** The shop's folder; own views are in `mails/` below it. */
  readonly shopFolder?: string;
  readonly log?: Pick<Logger, 'warn'>;
}

export function createMailRenderer({ viewsFolder, shopFolder, log }: MailRendererOptions): MailRenderer {
  const views = createViews(
    { own: shopFolder && join(shopFolder, 'mails'), ours: join(viewsFolder, 'mails'), partials: join(viewsFolder, 'partials') },
    log,
  );

  function renderLetter(letter: Letter, { site }: MailParts, order?: OrderView): Pick<RenderedMail, 'subject' | 'text' | 'html'> {
    const logo = logoAddress(site.brand.logo, site.baseUrl);
    const data = {
      letter,
      look: lookOf(site.brand),
      logo: logo?.startsWith('http') ? logo : undefined,
      siteUrl: site.site.url,
      order,
    };
    return { subject: letter.subject, text: letterText(letter), html: views.render('letter', data) };
  }

  function renderScheduled(view: OrderView | undefined, input: MailInput, parts: MailParts): RenderedMail | { skipped: string } {
    if (!view) throw giveUp('ORDER_UNKNOWN', 'The order this mail is about is not in the store.');
    const spareUrl = parts.links.spare(view.number);
    const letter = scheduledLetter(view, input, parts, spareUrl);
    if ('skipped' in letter) return letter;
    return { to: [buyerAddress(view)], ...renderLetter(letter, parts, view), late: [], spareUrl };
  }

  function renderForLearner(
    learner: Person | undefined,
    record: OrderRecord | undefined,
    input: MailInput,
    parts: MailParts,
  ): RenderedMail | { skipped: string } {
    if (!record || learner?.email === undefined) return { skipped: 'It is not known any more who was given something.' };
    if (!isEmailAddress(learner.email)) throw learnerAddressInvalid(record.order.id);
    const made = learnerLetter(learner, record, input, parts);
    if ('skipped' in made) return made;
    const mail = renderLetter(made.letter, parts, made.view);
    if (mail.text.includes(unreadable)) throw secretUnreadable(made.view);
    return { to: [learner.email], ...mail, late: [] };
  }

  return {
    renderLetter,
    render(step, record, parts) {
      const input = readMailInput(step.input);
      const view = record && viewOrder(record, parts);
      if (input.kind === 'release' && view) {
        const letter = releaseLetter(view, record.grants, input, parts);
        if ('skipped' in letter) return letter;
        return { to: [buyerAddress(view)], ...renderLetter(letter, parts, view), late: [] };
      }
      if (input.kind === 'task' && (!view || isTaskOver({ view, record }, input)))
        return { skipped: 'The task is not open any more.' };
      if (input.kind === 'scheduled') return renderScheduled(view, input, parts);
      if (input.kind === 'learner') return renderForLearner(step.terms?.learner, record, input, parts);
      if (input.kind !== 'buyer' && input.kind !== 'copy') {
        const letter = noticeLetter(view && { view, record }, input, parts);
        return { to: receivers(input), ...renderLetter(letter, parts, view), late: [] };
      }
      if (!view) throw giveUp('ORDER_UNKNOWN', 'The order this mail is about is not in the store.');
      const to = input.kind === 'buyer' ? [buyerAddress(view)] : receivers(input);
      const made = buyerLetter(view, input, parts);
      if ('skipped' in made) return made;
      const mail = renderLetter(made.letter, parts, view);
      if (mail.text.includes(unreadable)) throw secretUnreadable(view);
      return { to, ...mail, late: input.kind === 'buyer' ? made.late : [] };
    },
  };
}

function buyerAddress({ buyer: { email }, number }: OrderView): string {
  if (email === '') {
    throw giveUp('BUYER_EMAIL_MISSING', `The gateway gave no e-mail address for order ${number}, so no mail can be sent.`, {
      hint: 'Look the buyer up at the gateway and send the link to the order page by hand.',
    });
  }
  if (!isEmailAddress(email)) {
    throw giveUp('BUYER_EMAIL_INVALID', `The buyer's e-mail address of order ${number} is not a valid one.`, {
      hint: 'Look the buyer up at the gateway and send the link to the order page by hand.',
    });
  }
  return email;
}

function learnerAddressInvalid(number: string): Error {
  return giveUp('LEARNER_EMAIL_INVALID', `An e-mail address of a person that order ${number} gives to is not a valid one.`, {
    hint: 'Give it to the right address: npx handover transfer. Then mark this step done.',
  });
}

function receivers({ to, kind }: MailInput): string[] {
  const valid = to.filter(isEmailAddress);
  if (valid.length > 0) return valid;
  throw giveUp('MAIL_RECEIVER_INVALID', `The notice "${kind}" has no valid receiver.`, {
    hint: 'Correct "owner.email" or the outcome\'s "tell" in the configuration, then retry the step.',
  });
}

function secretUnreadable({ number }: OrderView): Error {
  return giveUp('SECRET_UNREADABLE', `A key or password of order ${number} was sealed under a secret this site no longer has.`, {
    hint: 'Put the earlier secret back as the second entry of "secret" in handover.json, then retry the step.',
  });
}
