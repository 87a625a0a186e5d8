import { expect } from 'chai';
import { openSchool, type School } from './open-school.ts';
import { canTell, playAll, type Played } from './play.ts';
import { storiesOfContracts } from './stories-of-contracts.ts';
import { storiesOfPayments } from './stories-of-payments.ts';
import { storiesOfRefunds } from './stories-of-refunds.ts';
import { storiesOfStaff } from './stories-of-staff.ts';
import type { Outcome, Story } from './story.ts';

const stories = [...storiesOfPayments, ...storiesOfRefunds, ...storiesOfContracts, ...storiesOfStaff];

/** `HANDOVER_SEED` shuffles otherwise; `HANDOVER_ORDERS=all` lets every gateway tell every story in every order, for minutes. */
const seed = Number(process.env['HANDOVER_SEED'] ?? 7);
const everyOrder = process.env['HANDOVER_ORDERS'] === 'all';

describe('Whatever gateway tells it, in whatever order, twice, and across restarts:', function () {
  this.timeout(120_000);
  let school: School;
  let played: Played[];

  before(async () => {
    school = await openSchool();
    played = await playAll(school, stories, { seed, everyOrder });
  });
  after(() => (school as School | undefined)?.close());

  for (const story of stories) {
    it(story.name, () => {
      const mine = played.filter((each) => each.story === story.name);
      const tellers = school.tellers.filter((teller) => canTell(teller, story));
      expect(tellers).to.not.have.length(0);
      expect(mine.filter(({ day }) => day === story.until)).to.have.length(tellers.length * (everyOrder ? 4 : 1));
      expect(mine.map((each) => toldBy(each, story, each.outcome))).to.deep.equal(
        mine.map((each) => toldBy(each, story, expected(story, each.day))),
      );
    });
  }
});

function expected({ ends, until, meanwhile = {} }: Story, day: number): Outcome {
  return (day === until ? ends : meanwhile[day]) ?? ends;
}

/** One line: who told it and how, and what came of it. */
function toldBy({ gateway, order, day }: Played, story: Story, outcome: Outcome): string {
  const { access, orders, asked = [], keys = 0, mails } = outcome;
  const counted = expected(story, day).mails === undefined ? [] : [`mails ${mails}`];
  return [
    `${gateway} (${order}) day ${day}`,
    `access [${access.filter((each) => order === 'live' || !each.endsWith('closed')).join(', ')}]`,
    `orders [${orders.join(', ')}]`,
    `asked [${asked.join(', ')}]`,
    `keys ${keys}`,
    ...counted,
  ].join('; ');
}
