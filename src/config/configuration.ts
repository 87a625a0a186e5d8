import type { Connector } from '../contract/connector.ts';
import type { Gateway } from '../contract/gateway.ts';
import type { LimitsConfig, ProductConfig, SiteConfig, SweepConfig } from './types.ts';

/** A checked and frozen configuration: settings, secrets and defaults are filled in, every name it uses exists. */
export interface Configuration {
  /** Names its content: the same files give the same version on every machine. Twelve hexadecimal digits. */
  readonly version: string;
  /** The absolute path of the folder it was read from. */
  readonly folder: string;
  /** handover.json without its gateways and connectors. `baseUrl` has no slash at its end. Holds secrets: never log it. */
  readonly site: SiteConfig;
  readonly products: ReadonlyMap<string, ProductConfig>;
  /** The content of all files as JSON, secrets and settings still by name; `productsFromSnapshot` reads it. */
  readonly snapshot: string;
  readonly gateways: ReadonlyMap<string, GatewayInstance>;
  readonly accounts: ReadonlyMap<string, ConnectorAccount>;
  /** What is allowed but seldom meant, for the log at the start. */
  readonly warnings: readonly Problem[];
}

/** A gateway under its name in handover.json. */
export interface GatewayInstance {
  readonly name: string;
  readonly gateway: Gateway;
  /** Holds secrets: never log it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Patterns of SKUs that are not ours; `*` stands for any characters. */
  readonly ignoreSkus: readonly string[];
  /** The accounts money must go to. Empty: any. */
  readonly receivers: readonly string[];
  /** What its button on the cart page says. */
  readonly label?: string;
  /** When it is compared with the gateway's own list; undefined: only when somebody asks for it. */
  readonly sweep?: Readonly<SweepConfig>;
}

/** A connector under its name in handover.json. */
export interface ConnectorAccount {
  readonly name: string;
  readonly connector: Connector;
  /** Holds secrets: never log it. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<LimitsConfig>;
}

/** One thing that is wrong with the files: where, and what to do about it. */
export interface Problem {
  /** Relative to the folder, e.g. `products/TS-101.json`. */
  readonly file: string;
  /** Into the file, e.g. `grants.course.action`. Empty: the file itself. */
  readonly path: string;
  readonly message: string;
}
