import { Refusal } from './refusal.ts';
import type { Lms, User } from './state.ts';
import { userFields } from './user-fields.ts';

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** The vendor's `user-search-phrase`. Source: https://www.atrixware.com/docs/manual.php?id=18&page=472& */
export function searchUsers(lms: Lms, users: readonly User[], phrase: string | undefined): User[] {
  const conditions = (phrase ?? '').split(',').map(readCondition);
  return users.filter((user) => conditions.every((condition) => holds(lms, user, condition)));
}

function readCondition(text: string): Condition {
  const [, field = '', operator = '', value = ''] = /^([^=~!]*)(!=|!~|=|~)(.*)$/s.exec(text) ?? [];
  if (!searchable.has(field)) throw new Refusal('badPhrase');
  if (field === 'usergroup' && !operator.endsWith('~')) throw new Refusal('badPhrase');
  return { field, operator, value };
}

function holds(lms: Lms, user: User, { field, operator, value }: Condition): boolean {
  const fold = (text: string) => (lms.switches.filterCase === 'insensitive' ? text.toLowerCase() : text);
  if (field === 'usergroup') {
    const isMember = [...lms.groups.values()].some((group) => fold(group.name) === fold(value) && group.members.has(user.id));
    return operator === '~' ? isMember : !isMember;
  }
  const [have, wanted] = [fold(field === 'id' ? user.id : (user.fields[field] ?? '')), fold(value)];
  if (operator === '=') return have === wanted;
  if (operator === '!=') return have !== wanted;
  return have.includes(wanted) === (operator === '~');
}

const searchable = new Set(['id', 'org_id', 'branch_id', 'usergroup', ...userFields]);
