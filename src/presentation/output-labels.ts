/** Labels for outputs that many actions name alike. */
const known: Readonly<Record<string, string>> = {
  loginUrl: 'Sign in',
  signInUrl: 'Sign in',
  courseUrl: 'Open the course',
  downloadUrl: 'Download',
  fileUrl: 'Download',
  key: 'Activation key',
  keys: 'Activation keys',
  username: 'User name',
  userName: 'User name',
  loginName: 'User name',
  login: 'User name',
  email: 'E-mail',
  portalUrl: 'Open the learning portal',
  password: 'Password',
  start: 'Access from',
  end: 'Access until',
  expires: 'Good until',
  serial: 'Serial number',
  link: 'Download',
  sha256: 'SHA-256',
  trackingUrl: 'Follow the parcel',
  tracking: 'Parcel number',
};

/** What stands beside a value or on a button: `setPasswordUrl` reads "Set password". */
export function labelFor(output: string): string {
  const label = known[output];
  if (label !== undefined) return label;
  const words = output
    .replace(/(Url|Link)$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names and numbers by which the other system knows things are for texts that ask for them, and mean nothing to a buyer. */
export function isForBuyers(output: string): boolean {
  return !/(^id|^serial|^seats|Id|Ids|(course|target|group|path)Name)$/.test(output);
}

/** What somebody types in elsewhere gets a field of its own to copy from. */
export function isForCopying(output: string): boolean {
  return /^(user|login|code|serial)/i.test(output) || /(user|login|code)(name)?$/i.test(output);
}
