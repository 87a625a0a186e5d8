import type { Connector } from '../contract/connector.ts';
import { axisLms } from '../../connectors/axis-lms/index.ts';
import { moodle } from '../../connectors/moodle/index.ts';
import { testPro } from '../../connectors/test-pro/index.ts';

/** The connectors that come with the package; a site hands its own in by `handover({ connectors })`. */
export const builtInConnectors: readonly Connector[] = [axisLms, moodle, testPro] as unknown as readonly Connector[];
