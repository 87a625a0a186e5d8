import type { Action } from 'handover/contract';
import { actionFrom } from './action.ts';
import type { ActionSettings, HttpOptions } from './options.ts';
import { brevo } from './presets/brevo.ts';
import { mailchimp } from './presets/mailchimp.ts';
import { mailerlite } from './presets/mailerlite.ts';

export const presets: Readonly<Record<NonNullable<HttpOptions['preset']>, Readonly<Record<string, ActionSettings>>>> = {
  mailchimp,
  brevo,
  mailerlite,
};

/** The actions an account describes; its own go before those of its preset. */
export function actionsIn({ preset, actions = {} }: HttpOptions): Readonly<Record<string, ActionSettings>> {
  return { ...(preset && presets[preset]), ...actions };
}

export function actionsFor(options: HttpOptions): Readonly<Record<string, Action<never, never, HttpOptions>>> {
  const entries = Object.entries(actionsIn(options)).map(([name, settings]) => [name, actionFrom(name, settings)] as const);
  return Object.fromEntries(entries) as unknown as Readonly<Record<string, Action<never, never, HttpOptions>>>;
}
