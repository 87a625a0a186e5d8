import type { OutcomeName } from './config-shapes.ts';

export interface DefaultText {
  readonly page: { readonly heading: string; readonly text: string };
  readonly mail: { readonly subject: string; readonly text: string };
  /** What happens next, below the text of the page. Knows `{{page.days}}`, how long the page's address works. */
  readonly next: readonly string[];
}

const keepAddress = 'Keep the address of this page: it works for {{page.days}} days, and no account is needed.';
const greeting = 'Hello {{buyer.firstName}},';

/** In place of `pending` where the buyer has to see to the payment: how is told beside it. */
export const toPayTexts: DefaultText = {
  page: {
    heading: 'Thank you, your order is placed',
    text: 'Order {{order.number}} is waiting for your payment of {{order.total}}. As soon as it has arrived, everything you bought is ready for you.',
  },
  mail: {
    subject: 'How to pay for your order {{order.number}}',
    text: `${greeting}\n\nThank you for ordering {{product.title}}. Your order is waiting for your payment of {{order.total}}. Below you see how to pay. As soon as the money has arrived, we write again, and everything is ready for you.`,
  },
  next: [
    'Pay as you see above, and give the reference: by it we know your payment.',
    'We write to you as soon as the money has arrived.',
    keepAddress,
  ],
};

/** What pages and mails say where the owner has written nothing. How to reach support stands below each of them. */
export const defaultTexts: Readonly<Record<OutcomeName, DefaultText>> = {
  pending: {
    page: {
      heading: 'We are waiting for your bank',
      text: 'Thank you for your order {{order.number}}. Your payment has been started, and your bank has not confirmed it yet. Most confirmations take a few seconds; a bank transfer can take some days.',
    },
    mail: {
      subject: 'We have your order {{order.number}} and wait for your bank',
      text: `${greeting}\n\nThank you for ordering {{product.title}}. Your payment has been started, and your bank has not confirmed it yet. A bank transfer can take some days.\n\nThere is nothing you need to do. We write again as soon as the money has arrived.`,
    },
    next: [
      'Please do not pay a second time.',
      'This page shows the result by itself as soon as your bank answers.',
      'You may close it: we also write to you.',
    ],
  },
  paid: {
    page: {
      heading: 'Thank you, everything is ready',
      text: 'Your payment for order {{order.number}} has arrived. You find all you bought below.',
    },
    mail: {
      subject: 'Your order {{order.number}} is ready',
      text: `${greeting}\n\nThank you for your order. Your payment has arrived. Ready for you now: {{product.title}}.`,
    },
    next: [keepAddress],
  },
  partly: {
    page: {
      heading: 'Thank you, your payment has arrived',
      text: 'We are preparing order {{order.number}}. What is ready you can use at once; the rest appears here by itself.',
    },
    mail: {
      subject: 'Your order {{order.number}}: paid, and almost complete',
      text: `${greeting}\n\nThank you for your order. Your payment has arrived. Not everything is ready yet; below you see what you can use now and what follows.`,
    },
    next: [
      'There is nothing you need to do, and nothing to pay again.',
      'We write to you as soon as the rest is ready.',
      keepAddress,
    ],
  },
  declined: {
    page: {
      heading: 'The payment did not go through',
      text: 'Your bank or card company declined the payment for order {{order.number}}. Nothing was charged.',
    },
    mail: {
      subject: 'The payment for your order {{order.number}} did not go through',
      text: `${greeting}\n\nYour bank or card company declined the payment for {{product.title}}. Nothing was charged.\n\nYou are welcome to order again with the same or another way to pay. If it is declined again, your bank can tell you why; we are not told the exact reason.`,
    },
    next: [
      'Go back to the shop and try again, with the same or another way to pay.',
      'If it is declined again, your bank can tell you why. We are not told the exact reason.',
    ],
  },
  expired: {
    page: {
      heading: 'The time to pay has run out',
      text: 'The payment for order {{order.number}} was not completed in time. Nothing was charged.',
    },
    mail: {
      subject: 'The time to pay for your order {{order.number}} has run out',
      text: `${greeting}\n\nThe payment for {{product.title}} was not completed in time. Nothing was charged.\n\nIf you still want it, please order again.`,
    },
    next: [
      'If you still want it, go back to the shop and order again.',
      'If money has left your account all the same, write to us.',
    ],
  },
  abandoned: {
    page: {
      heading: 'This order was not paid',
      text: 'Order {{order.number}} was begun but not paid. Nothing was charged.',
    },
    mail: {
      subject: 'Your order {{order.number}} is not paid yet',
      text: `${greeting}\n\nYou began to order {{product.title}} and did not finish. Nothing was charged.\n\nIf something got in your way, please order again or tell us what went wrong. If you changed your mind, there is nothing to do.`,
    },
    next: ['If you still want it, go back to the shop and order again.'],
  },
  refunded: {
    page: {
      heading: 'Your money has been returned',
      text: 'The payment for order {{order.number}} was returned to you. Access to what you bought has ended with it.',
    },
    mail: {
      subject: 'The payment for your order {{order.number}} was returned',
      text: `${greeting}\n\nThe payment for {{product.title}} was returned to you. Access to it has ended.\n\nDepending on your bank it can take some days until you see the money on your account.`,
    },
    next: ['Depending on your bank it can take some days until you see the money on your account.'],
  },
  partlyRefunded: {
    page: {
      heading: 'Part of your money has been returned',
      text: 'Part of the payment for order {{order.number}} was returned to you. Below you see what stays yours.',
    },
    mail: {
      subject: 'Part of the payment for your order {{order.number}} was returned',
      text: `${greeting}\n\nPart of the payment for {{product.title}} was returned to you. Below you see what stays yours.\n\nDepending on your bank it can take some days until you see the money on your account.`,
    },
    next: ['Depending on your bank it can take some days until you see the money on your account.'],
  },
  disputed: {
    page: {
      heading: 'Access is paused',
      text: 'The payment for order {{order.number}} was questioned at your bank. Until your bank has decided, access to what you bought is paused.',
    },
    mail: {
      subject: 'Your order {{order.number}}: the payment was questioned at your bank',
      text: `${greeting}\n\nYour bank tells us that the payment for {{product.title}} was questioned. Until your bank has decided, access is paused. Nothing is lost: it opens again by itself when the matter is settled.\n\nIf this was a mistake, please tell your bank, and write to us.`,
    },
    next: [
      'If this was a mistake, please tell your bank, and write to us.',
      'Nothing is lost: access opens again by itself when the matter is settled.',
    ],
  },
  disputeWon: {
    page: {
      heading: 'Access is open again',
      text: 'The question about the payment for order {{order.number}} is settled. You can use everything you bought again.',
    },
    mail: {
      subject: 'Your order {{order.number}}: access is open again',
      text: `${greeting}\n\nThe question about your payment is settled. You can use {{product.title}} again.`,
    },
    next: [keepAddress],
  },
  renewed: {
    page: {
      heading: 'Your subscription goes on',
      text: 'The next payment for order {{order.number}} has arrived. You keep your access without a break.',
    },
    mail: {
      subject: 'Your subscription goes on (order {{order.number}})',
      text: `${greeting}\n\nThe next payment for {{product.title}} has arrived. You keep your access without a break. There is nothing you need to do.`,
    },
    next: [keepAddress],
  },
  renewalFailed: {
    page: {
      heading: 'The next payment did not go through',
      text: 'The renewal of order {{order.number}} could not be paid. You still have access until the paid period ends.',
    },
    mail: {
      subject: 'The renewal of your order {{order.number}} could not be paid',
      text: `${greeting}\n\nThe next payment for {{product.title}} did not go through. You still have access until the paid period ends.\n\nPlease check that your card is valid and has enough money on it. The payment is usually tried again within some days.`,
    },
    next: [
      'Please check that your card is valid and has enough money on it.',
      'The payment is usually tried again within some days.',
    ],
  },
  ended: {
    page: {
      heading: 'Your subscription has ended',
      text: 'The subscription of order {{order.number}} has ended, and nothing more will be charged. Thank you for having been with us.',
    },
    mail: {
      subject: 'Your subscription has ended (order {{order.number}})',
      text: `${greeting}\n\nYour subscription to {{product.title}} has ended, and nothing more will be charged. Thank you for having been with us.`,
    },
    next: ['You are welcome to subscribe again at any time.'],
  },
  held: {
    page: {
      heading: 'We are checking your order',
      text: 'Your payment for order {{order.number}} has reached us. Before we hand out what you bought, a person has a look at it. Usually this does not take long.',
    },
    mail: {
      subject: 'We are checking your order {{order.number}}',
      text: `${greeting}\n\nYour payment for {{product.title}} has reached us. Before we hand out what you bought, a person has a look at the order. Usually this does not take long.\n\nThere is nothing you need to do. We write again as soon as it is done.`,
    },
    next: [
      'There is nothing you need to do, and nothing to pay again.',
      'We write to you as soon as it is done.',
      'This page shows the result by itself.',
    ],
  },
};

/** The second mail of an order that is to be paid, where the owner has written no mail for `pending`. */
export const reminderMail = {
  subject: 'Reminder: your order {{order.number}} is not paid yet',
  text: `${greeting}\n\nYour order of {{product.title}} is still waiting for your payment of {{order.total}}. Below you see how to pay. If you have paid in the last days, there is nothing to do: the money is on its way.`,
} as const;

/** To who was given something by the buyer. */
export const learnerMailTexts = {
  subject:
    '{{#buyer.name}}{{buyer.name}} has given you {{product.title}}{{/buyer.name}}{{^buyer.name}}For you: {{product.title}}{{/buyer.name}}',
  text: `Hello {{learner.firstName}},\n\n{{#buyer.name}}{{buyer.name}} has{{/buyer.name}}{{^buyer.name}}Somebody has{{/buyer.name}} bought {{product.title}} for you at {{site.name}}. It is paid for, and ready for you now.`,
} as const;

/** To the buyer of what is for others, in place of words that speak of what those were given. */
export const forOthersTexts = {
  page: {
    heading: 'Thank you, your payment has arrived',
    text: 'Your payment for order {{order.number}} has arrived. Below you see who has what you bought.',
  },
  mail: {
    subject: 'Your order {{order.number}} is paid',
    text: `${greeting}\n\nThank you for your order. Your payment has arrived. What you bought is for others: each of them gets a mail with what is needed. Below you see who has what.`,
  },
  seats: 'Open your order page to hand them out: there you name who gets each one.',
} as const;

/** The mail about what was late, where the owner has written no mail for `paid`. */
export const followUpMail = {
  subject: 'Now ready: {{product.title}} (order {{order.number}})',
  text: `${greeting}\n\nThank you for your patience. Ready for you now: {{product.title}}.`,
} as const;
