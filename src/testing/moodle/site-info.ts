import { freshSecret } from './state.ts';
import { defineFunction } from './ws-function.ts';

const releases = {
  '4.3': ['4.3 (Build: 20231009)', '2023100900'],
  '4.5': ['4.5.6 (Build: 20250811)', '2024100706'],
} as const;

export const siteFunctions = {
  core_webservice_get_site_info: defineFunction({}, (moodle) => {
    const account = moodle.users.get(moodle.serviceUserId);
    const [release, version] = releases[moodle.version];
    return {
      sitename: 'Example School',
      username: account?.username,
      firstname: account?.firstname,
      lastname: account?.lastname,
      fullname: `${account?.firstname} ${account?.lastname}`,
      lang: 'en',
      userid: moodle.serviceUserId,
      siteurl: moodle.wwwroot(),
      functions: [...moodle.functions].map((name) => ({ name, version })),
      release,
      version,
      userprivateaccesskey: freshSecret(moodle),
    };
  }),
};
