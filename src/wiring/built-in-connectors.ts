import type { Connector } from '../contract/connector.ts';
import { axisLms } from '../../connectors/axis-lms/index.ts';
import { canvas } from '../../connectors/canvas/index.ts';
import { docebo } from '../../connectors/docebo/index.ts';
import { downloads } from '../../connectors/downloads/index.ts';
import { http } from '../../connectors/http/index.ts';
import { kajabi } from '../../connectors/kajabi/index.ts';
import { learndash } from '../../connectors/learndash/index.ts';
import { learnworlds } from '../../connectors/learnworlds/index.ts';
import { moodle } from '../../connectors/moodle/index.ts';
import { openEdx } from '../../connectors/open-edx/index.ts';
import { talentlms } from '../../connectors/talentlms/index.ts';
import { tasks } from '../../connectors/tasks/index.ts';
import { testPro } from '../../connectors/test-pro/index.ts';
import { thinkific } from '../../connectors/thinkific/index.ts';
import { webhook } from '../../connectors/webhook/index.ts';

/** The connectors that come with the package; a site hands its own in by `handover({ connectors })`. */
export const builtInConnectors: readonly Connector[] = [
  axisLms,
  canvas,
  docebo,
  downloads,
  kajabi,
  learndash,
  learnworlds,
  moodle,
  openEdx,
  talentlms,
  tasks,
  testPro,
  thinkific,
  http,
  webhook,
] as unknown as readonly Connector[];
