import type { OptionProblem } from 'handover/contract';
import { phasesOf } from './action.ts';
import { actionsIn } from './actions.ts';
import { authFields } from './auth-settings.ts';
import { namesIn, textsIn } from './fill.ts';
import { listOf } from './options.ts';
import type { ActionSettings, HttpOptions, KeepSettings, Phase, RequestSettings } from './options.ts';
import { known, namesOf, textProblems, type Keys } from './text-problems.ts';

/** What the schema cannot say: addresses, names, regular expressions, and whether `repeats` is more than a word. */
export function problemsOf(options: HttpOptions): OptionProblem[] {
  const own = Object.entries(options.actions ?? {});
  const none = Object.keys(actionsIn(options)).length === 0;
  return [
    ...addressProblems(options.baseUrl, options, ['baseUrl']),
    ...authProblems(options),
    ...(none
      ? [{ keys: ['actions'], message: 'There are no actions. Describe one under "actions", or choose a "preset".' }]
      : []),
    ...own.flatMap(([name, action]) => actionProblems(action, options, ['actions', name])),
  ];
}

/** https, or http to what the owner lists as inside. */
function addressProblems(address: string, { allowPrivate = [] }: HttpOptions, keys: Keys): OptionProblem[] {
  const fail = (message: string): OptionProblem[] => [{ keys, message }];
  if (!URL.canParse(address)) return fail('This is not a web address. Begin with "https://".');
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (username !== '' || password !== '')
    return fail('A web address may not hold a user name or a password. Put them under "auth".');
  if (search !== '' || hash !== '') return fail('Take out "?" or "#" and what follows; fields belong into "query" of a request.');
  const isInside = allowPrivate.some((host) => host.toLowerCase() === hostname.replace(/^\[|\]$/g, ''));
  if (protocol === 'https:' || isInside) return [];
  return fail(`Orders travel by https only. If ${hostname} is in your own network, list it in "allowPrivate".`);
}

function authProblems(options: HttpOptions): OptionProblem[] {
  const { auth } = options;
  if (!auth) return [];
  const { needs, takes } = authFields[auth.kind];
  const given = Object.keys(auth).filter((name) => name !== 'kind');
  return [
    ...needs
      .filter((name) => !given.includes(name))
      .map((name) => ({ keys: ['auth', name], message: `This is missing: "${auth.kind}" needs it.` })),
    ...given
      .filter((name) => ![...needs, ...takes].includes(name))
      .map((name) => ({ keys: ['auth', name], message: `"${auth.kind}" does not take this. Take it out, or correct "kind".` })),
    ...(auth.kind === 'oauth' && typeof auth.tokenUrl === 'string'
      ? addressProblems(auth.tokenUrl, options, ['auth', 'tokenUrl'])
      : []),
    ...(auth.kind === 'jwt' ? textProblems(auth.claims ?? {}, namesOf(options, undefined, []), ['auth', 'claims']) : []),
  ];
}

function actionProblems(action: ActionSettings, options: HttpOptions, keys: Keys): OptionProblem[] {
  const problems: OptionProblem[] = [];
  const granted = keptBy(action, 'grant');
  for (const [phase, requests] of phasesOf(action)) {
    const list = listOf(requests);
    const path = [...keys, ...(phase === 'link' ? ['link', 'requests'] : [phase])];
    const earlier = new Set<string>(phase === 'grant' || phase === 'find' ? [] : granted);
    list.forEach((request, index) => {
      const place = Array.isArray(requests) ? [...path, index] : path;
      problems.push(...requestProblems(request, namesOf(options, action, [...earlier]), earlier, place));
      for (const name of Object.keys(request.keep ?? {})) earlier.add(name);
    });
  }
  return [...problems, ...repeatProblems(action, keys), ...outputProblems(action, options, keys), ...findProblems(action, keys)];
}

function requestProblems(
  request: RequestSettings,
  names: readonly string[],
  earlier: ReadonlySet<string>,
  keys: Keys,
): OptionProblem[] {
  const {
    keep = {},
    expect,
    alreadyDone = [],
    nothingThere = [],
    temporary = [],
    permanent = [],
    if: when,
    unless,
    ...sent
  } = request;
  const bodies = ['json', 'form', 'text'].filter((name) => name in request);
  const signs = Object.entries({ alreadyDone, nothingThere, temporary, permanent }).flatMap(([name, list]) =>
    list.flatMap((sign, index) => (typeof sign === 'number' ? [] : [{ sign, keys: [...keys, name, index] }])),
  );
  if (expect) signs.push({ sign: expect, keys: [...keys, 'expect'] });
  return [
    ...textProblems(sent, names, keys),
    ...pathProblems(request.path, [...keys, 'path']),
    ...(bodies.length > 1
      ? [{ keys: [...keys, bodies[1] ?? ''], message: `A request has one body. Keep one of ${bodies.join(', ')}.` }]
      : []),
    ...(bodies.length > 0 && ['GET', 'HEAD'].includes(request.method ?? '')
      ? [{ keys: [...keys, 'method'], message: `A ${request.method ?? ''} request has no body. Use "query", or another method.` }]
      : []),
    ...Object.entries({ if: when, unless }).flatMap(([word, name]) =>
      name === undefined || earlier.has(name)
        ? []
        : [{ keys: [...keys, word], message: `No earlier request keeps "${name}".${known([...earlier])}` }],
    ),
    ...signs.flatMap(({ sign: { location, ...rest }, keys: place }) => [
      ...(location === undefined ? [] : patternProblems(location, [...place, 'location'])),
      ...textProblems(rest, names, place),
    ]),
    ...Object.entries(keep).flatMap(([name, place]) => keepProblems(place, names, [...keys, 'keep', name])),
  ];
}

/** A path may not lead to another host, whatever its placeholders hold; that is looked at again when they are filled in. */
function pathProblems(path: string, keys: Keys): OptionProblem[] {
  const plain = path.replace(/\{\{[^}]*\}\}/g, 'x');
  if (/^[a-z][a-z0-9+.-]*:|^\/\/|[\\?#\s]/i.test(plain)) {
    return [
      {
        keys,
        message: 'A path stands below "baseUrl": no address of its own, no spaces, no "?" or "#"; fields belong into "query".',
      },
    ];
  }
  const isClimbing = plain.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part));
  return isClimbing ? [{ keys, message: 'A path may not climb by "..". Shorten "baseUrl" instead.' }] : [];
}

function keepProblems(place: string | KeepSettings, names: readonly string[], keys: Keys): OptionProblem[] {
  if (typeof place === 'string') return [];
  const { at, in: list, where, header, pattern } = place;
  const problems = pattern === undefined ? [] : patternProblems(pattern, [...keys, 'pattern']);
  if (at === undefined && header === undefined && pattern === undefined) {
    problems.push({ keys, message: 'Say where the value stands: "at" for JSON, "header", or "pattern".' });
  }
  if (where !== undefined && list === undefined)
    problems.push({ keys: [...keys, 'where'], message: '"where" needs "in": the list to look in.' });
  return [...problems, ...textProblems(where ?? {}, names, [...keys, 'where'])];
}

function patternProblems(pattern: string, keys: Keys): OptionProblem[] {
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch (error) {
    return [{ keys, message: `This is not a regular expression. ${error instanceof Error ? error.message : ''}`.trim() }];
  }
}

/** `keyed` is only true when the other side gets the key. */
function repeatProblems({ repeats, grant, find }: ActionSettings, keys: Keys): OptionProblem[] {
  const place = [...keys, 'repeats'];
  if (repeats === 'check' && !find)
    return [{ keys: place, message: '"check" looks first whether it is there, so it needs "find".' }];
  if (repeats !== 'keyed') return [];
  const sendsKey = listOf(grant).some(({ query, headers, json, form, text, path }) =>
    textsIn({ query, headers, json, form, text, path }).some((one) =>
      namesIn(one.text).some((name) => name === 'stepKey' || name === 'grantId'),
    ),
  );
  return sendsKey
    ? []
    : [
        {
          keys: place,
          message:
            '"keyed" needs a request under "grant" that sends {{stepKey}}, for example "headers": { "Idempotency-Key": "{{stepKey}}" }.',
        },
      ];
}

/** What `find` sees has to be good for the same calls as what `grant` returned. */
function findProblems(action: ActionSettings, keys: Keys): OptionProblem[] {
  if (!action.find) return [];
  const later = [action.revoke, action.suspend, action.resume, action.renew, action.link, action.output];
  const used = later.flatMap((part) => textsIn(part ?? {}).flatMap(({ text }) => namesIn(text)));
  const found = keptBy(action, 'find');
  const ofGrant = keptBy(action, 'grant');
  const missing = [...new Set(used)]
    .filter((name) => name.startsWith('kept.'))
    .map((name) => name.slice('kept.'.length))
    .filter((name) => ofGrant.includes(name) && !found.includes(name));
  return missing.map((name) => ({
    keys: [...keys, 'find'],
    message: `"find" must keep "${name}" as well, since later requests and texts use it.`,
  }));
}

function outputProblems(action: ActionSettings, options: HttpOptions, keys: Keys): OptionProblem[] {
  const { output = {}, link, resource } = action;
  const names = namesOf(options, action, keptBy(action, 'grant')).filter((name) => !name.startsWith('secret.'));
  const linked = [...keptBy(action, 'grant'), ...keptBy(action, 'link')];
  const problems = Object.entries(output).flatMap(([name, settings]): OptionProblem[] => {
    const place = [...keys, 'output', name];
    if (name === 'kept') return [{ keys: place, message: '"kept" is taken. Choose another name.' }];
    if (typeof settings === 'string') return textProblems(settings, names, place);
    if (settings.link === true)
      return link ? [] : [{ keys: place, message: 'A link is made at the click, by "link" of the action. Add it.' }];
    if (settings.value === undefined)
      return [{ keys: place, message: 'Say by "value" what it is, for example "{{kept.userId}}".' }];
    return textProblems(settings.value, names, [...place, 'value']);
  });
  if (link) {
    problems.push(...textProblems(link.url, namesOf(options, action, linked), [...keys, 'link', 'url']));
    if (!/^(https?:\/\/[^/{}]+(\/|$)|\{\{ ?kept\.)/.test(link.url)) {
      problems.push({
        keys: [...keys, 'link', 'url'],
        message: 'A link begins with "https://" and a host without placeholders, or is a kept value.',
      });
    }
  }
  const inputs = names.filter((name) => name.startsWith('with.'));
  return resource === undefined ? problems : [...problems, ...textProblems(resource, inputs, [...keys, 'resource'])];
}

function keptBy(action: ActionSettings, phase: Phase): string[] {
  const requests = phasesOf(action).find(([name]) => name === phase)?.[1];
  return listOf(requests).flatMap(({ keep = {} }) => Object.keys(keep));
}
