import type { Person } from '../../contract/event.ts';
import { fieldsAt, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';

/** Who approved an order: by the way of paying that was used, or in the older place, `payer`. A card may come without a mail address. */
export function buyerOfOrder(order: Fields): Person | undefined {
  const sources = fieldsAt(order, 'payment_source') ?? {};
  const source =
    fieldsAt(sources, 'paypal') ??
    Object.values(sources)
      .map((each) => fieldsAt(each))
      .find(Boolean);
  return personOf(source, fieldsAt(order, 'payer'));
}

/** Of several places the first that tells counts, field by field. */
export function personOf(...places: (Fields | undefined)[]): Person | undefined {
  const first = (...path: string[]) => places.map((place) => textAt(place, ...path)).find((text) => text !== undefined);
  const firstName = first('name', 'given_name');
  const lastName = first('name', 'surname');
  const joined = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  const person = told({
    email: first('email_address'),
    name: first('name', 'full_name') ?? first('name') ?? (joined === '' ? undefined : joined),
    firstName,
    lastName,
    phone: first('phone_number', 'national_number') ?? first('phone', 'phone_number', 'national_number'),
    country: first('address', 'country_code'),
  });
  return Object.keys(person).length > 0 ? person : undefined;
}
