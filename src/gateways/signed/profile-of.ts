import { told } from '../told.ts';
import { presets } from './presets/index.ts';
import type { SignedOptions } from './options.ts';
import type { Fields, Profile, Scheme } from './profile.ts';

const made = new WeakMap<SignedOptions, Profile>();

/** The preset with the configuration laid over it. */
export function profileOf(options: SignedOptions): Profile {
  const known = made.get(options);
  if (known) return known;
  const {
    preset = 'standard-webhooks',
    signature,
    batch,
    id,
    type,
    mode,
    amounts,
    times,
    fields = {},
    events = {},
    reply = {},
    basicAuth,
  } = options;
  const base = presets[preset];
  const profile: Profile = {
    mode: 'site',
    amounts: 'minor',
    times: 'iso',
    ...base,
    schemes: signature ? [{ ...base.schemes[0], ...signature }] : base.schemes,
    ...told({ batch, id, type, mode, amounts, times, basicAuth }),
    fields: overlay(base.fields, fields),
    events: { ...base.events, ...events },
    reply: { ...base.reply, ...reply },
  };
  made.set(options, profile);
  return profile;
}

/** Places laid over places. */
export function overlay(under: Fields, over: Fields | undefined): Fields {
  if (!over) return under;
  const { buyer, period, lines, ...rest } = over;
  return {
    ...under,
    ...rest,
    ...told({
      buyer: buyer && { ...under.buyer, ...buyer },
      period: period && { ...under.period, ...period },
      lines: lines && { ...under.lines, ...lines },
    }),
  };
}

/** What is missing for callbacks to be proved and understood. A profile with faults proves nothing. */
export function faultsOf({ schemes, fields, events, basicAuth = [], needsBasicAuth }: Profile): string[] {
  const faults = schemes.flatMap(faultsOfScheme);
  if (needsBasicAuth && basicAuth.length === 0)
    faults.push('"basicAuth" names no user and password, and not all that is read of these callbacks is signed');
  if (Object.keys(events).length === 0) faults.push('"events" says of no type what it means');
  if (fields.purchase === undefined) faults.push('"fields.purchase" does not say where the name of the purchase stands');
  return faults;
}

function faultsOfScheme({ header, field: place, grammar, pair, signed = '{body}', idHeader, url, timestamp }: Scheme): string[] {
  const { header: stampHeader, pair: stampPair, field } = timestamp ?? {};
  const hasStamp = [stampHeader, stampPair, field].some((source) => source !== undefined);
  const checks: [boolean, string][] = [
    [header === undefined && place === undefined, '"signature.header" does not name the header with the signature'],
    [grammar === 'pairs' && pair === undefined, '"signature.pair" does not name the pair with the signature'],
    [place === undefined && signed.split('{body}').length !== 2, '"signature.signed" has to contain {body} once'],
    [place !== undefined && !signed.includes('{/'), '"signature.signed" has to name what of an event is signed, such as {/id}'],
    [signed.includes('{id}') && idHeader === undefined, '"signature.idHeader" does not name the header that {id} stands for'],
    [signed.includes('{url}') && url === undefined, '"signature.url" does not say what {url} stands for'],
    [signed.includes('{timestamp}') && !hasStamp, '"signature.timestamp" does not say where {timestamp} stands'],
    [
      timestamp !== undefined && field === undefined && !signed.includes('{timestamp}'),
      'a time stamp outside of the body proves nothing unless {timestamp} is part of "signature.signed"',
    ],
  ];
  return checks.flatMap(([isWrong, fault]) => (isWrong ? [fault] : []));
}
