import { runAhead } from './run-ahead.ts';
import * as disk from './failing-disk.ts';
import { onStage } from './stage.ts';
import * as play from './surroundings.ts';

const scenarios = {
  'answers 503 while its disk is full, never success, and goes on without a restart': disk.diskFillsUp,
  'answers 503 when one write or another fails in the middle, and goes on without a restart': disk.writesFail,
  ...(disk.canTrace && { 'answers 503 while its disk refuses to sync, and goes on without a restart': disk.syncsFail }),
  'answers 503 while its disk is read-only, and goes on without a restart': disk.diskIsReadOnly,
  'gives nothing twice when another process locks its store while answers arrive': play.storeIsLocked,
  'records nothing from a worker that stood still past its lease': play.workerIsFrozen,
  'ends within ten seconds of being asked, in the middle of load, and answers nothing but 200 and 503': play.endsUnderLoad,
  'ends so on PostgreSQL too': play.endsUnderLoadOnPostgres,
  'ends within ten seconds of being asked while the LMS answers nobody': play.endsWhileNobodyAnswers,
};

describe('A site whose surroundings fail', function () {
  this.timeout(90_000);
  const cases = Object.values(scenarios);
  const runs = runAhead(cases, 3, () => ({ run: onStage, close: async () => undefined }));
  before(() => runs.start());

  for (const [sentence, scenario] of Object.entries(scenarios)) {
    it(sentence, () => runs.resultOf(scenario));
  }
});
