import type { SiteTexts } from '../presentation/config-shapes.ts';
import { showTime } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { MailInput } from './mail-input.ts';
import { word, type Notice } from './notice.ts';

type About = MailInput['about'];
interface AlarmText extends Notice {
  /** The subject once it has ended. */
  readonly over: string;
}

/** `about`: `{ alarm, stage: begun | lasting | over, since, … }`; the rest is what the alarm of that name knows. */
export function letterForAlarm({ about }: MailInput, { site }: SiteTexts): Notice {
  const write = texts[word(about['alarm'])] ?? unknownAlarm;
  const { subject, over, text, steps, facts } = write(about, (at) => timeOf(at, site));
  const since = { label: 'Since', value: timeOf(about['since'], site) };
  if (about['stage'] === 'over') {
    return { subject: `Over: ${over}`, text: 'This is in order again. Nothing needs to be done.', steps: [], facts: [since] };
  }
  const isLasting = about['stage'] === 'lasting';
  return { subject: `${isLasting ? 'Still: ' : 'Needs you: '}${subject}`, text, steps, facts: [...facts, since] };
}

const texts: Readonly<Record<string, (about: About, time: (at: unknown) => string) => AlarmText>> = {
  /** `{ minutes, limitMinutes, open, kind, name, of, code }` */
  oldest: (about) => {
    const isStep = about['kind'] === 'step';
    const name = word(about['name']);
    const order = isStep && /^[0-9A-Z]{4}(-[0-9A-Z]{4})+\//.test(name) ? name.slice(0, name.indexOf('/')) : '';
    return {
      over: 'nothing is open for too long any more',
      subject: `something has been open for more than ${word(about['limitMinutes'])} minutes`,
      text: [
        `The oldest unfinished work is ${word(about['minutes'])} minutes old. It is tried again by itself, and a buyer may be waiting for it.`,
        isStep
          ? `It is a step for "${word(about['of'])}", so look at that system first.`
          : `It is a callback from the gateway "${word(about['of'])}" that could not be read yet.`,
      ].join('\n\n'),
      steps: [`See what is open: ${commands.status}`, ...(order === '' ? [] : [`See the order: ${commands.showOrder(order)}`])],
      facts: [
        { label: isStep ? 'Step' : 'Callback', value: name },
        { label: 'Last failure', value: word(about['code']) },
        { label: 'Open in all', value: word(about['open']) },
      ],
    };
  },
  /** `{ gateway, limitHours, heardAt }` */
  silence: (about, time) => ({
    over: `${word(about['gateway'])} is heard again`,
    subject: `nothing was heard from ${word(about['gateway'])} for more than ${word(about['limitHours'])} hours`,
    text: `The gateway ${word(about['gateway'])} used to send callbacks and has stopped. Perhaps nobody bought anything; perhaps its callbacks do not arrive.`,
    steps: [
      'Look at the gateway whether there were payments since, and whether its callbacks failed.',
      `See what was refused: ${commands.status}`,
    ],
    facts: [{ label: 'Last heard', value: time(about['heardAt']) }],
  }),
  /** `{ gateway, stale, taken, offsetSeconds }` */
  clock: (about) => ({
    over: `the time stamps of ${word(about['gateway'])} fit again`,
    subject: `is this server's clock right? ${word(about['gateway'])} is refused for its time stamps`,
    text: [
      `Within an hour ${word(about['stale'])} callbacks from ${word(about['gateway'])} were refused because their time stamps are too far from this server's clock, and ${word(about['taken'])} were taken. Buyers may have paid without getting anything yet.`,
      offsetInWords(about['offsetSeconds']),
    ]
      .filter(Boolean)
      .join('\n\n'),
    steps: [
      'Compare the clock of each server with the right time, and let it be kept by NTP.',
      'The gateway sends the callbacks again by itself, mostly for some days; else let it send them again by hand.',
      'If every clock is right, somebody is sending old requests again. They are refused, so nothing needs to be done.',
    ],
    facts: [{ label: 'Gateway', value: word(about['gateway']) }],
  }),
};

function unknownAlarm(about: About): AlarmText {
  const subject = `an alarm: ${word(about['alarm'])}`;
  return { subject, over: subject, text: 'Something is out of order.', steps: [`See what it is: ${commands.status}`], facts: [] };
}

function offsetInWords(seconds: unknown): string {
  if (typeof seconds !== 'number' || seconds === 0) return '';
  const size = Math.abs(seconds);
  const long =
    size < 120 ? `${size} seconds` : size < 7200 ? `${Math.round(size / 60)} minutes` : `${Math.round(size / 3600)} hours`;
  return `By these stamps this server's clock is ${long} ${seconds > 0 ? 'ahead' : 'behind'}.`;
}

function timeOf(at: unknown, site: SiteTexts['site']): string {
  return typeof at === 'number' ? showTime(new Date(at).toISOString(), site) : '';
}
