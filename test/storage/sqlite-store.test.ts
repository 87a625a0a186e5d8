import { storeSuite } from '../../src/testing/suites/store-suite.ts';
import { openSqliteFile } from './sqlite-file.ts';

storeSuite('The SQLite store', openSqliteFile);
