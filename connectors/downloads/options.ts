import type { JsonSchema } from 'handover/contract';

/** An account: files in a folder of this machine, or in a bucket. */
export interface DownloadsOptions {
  readonly folder?: string;
  readonly s3?: Bucket;
  readonly catalogue: Readonly<Record<string, CatalogueEntry>>;
}

/** A bucket of Amazon S3 or of anything that speaks its protocol. */
export interface Bucket {
  /** Without it Amazon's own, by the region. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** @default false */
  readonly pathStyle?: boolean;
  /** How long an address of the bucket works. @default 900 */
  readonly linkSeconds?: number;
}

export interface CatalogueEntry {
  readonly versions: readonly Version[];
}

/** One version of a file. */
export interface Version {
  readonly version: string;
  /** Below the folder, or the object's key. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** `2026-03-01`, or with an hour. */
  readonly released: string;
  readonly notes?: string;
}

/** Names and versions stand in addresses and on the command line. */
const namePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$';

const version: JsonSchema = {
  type: 'object',
  required: ['version', 'path', 'released'],
  additionalProperties: false,
  properties: {
    version: { type: 'string', pattern: namePattern, description: "The version's name.", examples: ['2.1'] },
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'Where the file lies, below the folder or in the bucket.',
      examples: ['course-notes/notes-2.1.pdf'],
    },
    sha256: {
      type: 'string',
      pattern: '^[0-9A-Fa-f]{64}$',
      description: 'SHA-256 of the file, hexadecimal. Of a file in the folder it is computed when it is left out.',
    },
    released: {
      type: 'string',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?$',
      description: 'Since when buyers get it; a day begins at midnight UTC. It decides which version is the newest.',
      examples: ['2026-03-01', '2026-03-01T09:00Z'],
    },
    notes: {
      type: 'string',
      maxLength: 5000,
      description: 'What is new, for buyers. The command release-notes mails it.',
      examples: ['Chapter 4 is new.'],
    },
  },
};

const bucket: JsonSchema = {
  type: 'object',
  required: ['region', 'bucket', 'accessKeyId', 'secretAccessKey'],
  additionalProperties: false,
  description: 'The bucket the files lie in: Amazon S3 or anything that speaks its protocol. Either this or "folder".',
  properties: {
    endpoint: {
      type: 'string',
      setting: true,
      pattern: '^(https://[^/?#]+|http://(localhost|127\\.[0-9.]+)(:[0-9]+)?)/?$',
      description: "Address of the service. Default: Amazon's in the region.",
      examples: ['https://s3.example.com'],
    },
    region: { type: 'string', pattern: '^[a-z0-9-]{1,40}$', description: 'The region.', examples: ['eu-central-1'] },
    bucket: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9.-]{1,62}$',
      description: "The bucket's name.",
      examples: ['shop-files'],
    },
    accessKeyId: {
      type: 'string',
      secret: true,
      description: 'Access key of a user that may read the objects, and nothing else.',
      examples: [{ env: 'S3_ACCESS_KEY_ID' }],
    },
    secretAccessKey: {
      type: 'string',
      secret: true,
      description: 'The secret of that key.',
      examples: [{ env: 'S3_SECRET_ACCESS_KEY' }],
    },
    pathStyle: {
      type: 'boolean',
      default: false,
      description:
        "Whether the bucket's name stands in the path instead of the host's name, as many services other than Amazon's need.",
    },
    linkSeconds: {
      type: 'integer',
      minimum: 30,
      maximum: 604800,
      default: 900,
      description: 'How long the address works that the bucket gets. It must be enough for a cut-off download to be resumed.',
    },
  },
};

/** Options of a downloads account in handover.json. */
export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['catalogue'],
  additionalProperties: false,
  properties: {
    folder: {
      type: 'string',
      setting: true,
      minLength: 1,
      description: 'The folder the files lie in, as an absolute path. Either this or "s3".',
      examples: ['/srv/shop-files'],
    },
    s3: bucket,
    catalogue: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: namePattern },
      description: 'The files by name, each with its versions; a product names one in "with.file".',
      additionalProperties: {
        type: 'object',
        required: ['versions'],
        additionalProperties: false,
        properties: {
          versions: { type: 'array', minItems: 1, items: version, description: 'All versions that buyers may still have.' },
        },
      },
    },
  },
  oneOf: [{ required: ['folder'] }, { required: ['s3'] }],
};
