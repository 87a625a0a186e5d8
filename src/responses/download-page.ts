import type { PlainText } from './plain-text.ts';

/** Why a download link gives no file just now; `sent`: a new one is on its way. */
export type DownloadPage = 'expired' | 'ended' | 'usedUp' | 'sent';

/** The pages of a download link that gives no file. */
export const downloadTexts: Readonly<Record<DownloadPage, PlainText>> = {
  expired: {
    heading: 'This download link has expired',
    tone: 'neutral',
    text: 'For your safety, the address of a download works for a limited time. What you bought is still yours.',
    next: [
      'Ask for a new link below: it comes to the mail address of the order.',
      'The page of your order has a working link, too.',
    ],
    form: { label: 'Ask for a new link', fields: [] },
  },
  sent: {
    heading: 'A new link is on its way',
    tone: 'good',
    text: 'We are sending a new link to the mail address of the order.',
    next: ['Look for our mail in your mailbox, and in the folder for unwanted mail.', 'One mail a day is sent this way.'],
  },
  ended: {
    heading: 'This file is not available at the moment',
    tone: 'neutral',
    text: 'The payment for it does not stand, or is being looked into, so the file cannot be downloaded.',
    next: ['The page of your order says what happened.', 'If you think this is a mistake, write to us.'],
  },
  usedUp: {
    heading: 'This file was downloaded as often as possible',
    tone: 'neutral',
    text: 'The number of downloads for this file is used up.',
    next: [
      'Perhaps it is still in the folder for downloads on your device.',
      'If you need it once more, write to us: we help you.',
    ],
  },
};
