import { storeSuite } from '../../src/testing/suites/store-suite.ts';
import { openPostgresShop } from '../support/postgres.ts';

storeSuite('The PostgreSQL store', openPostgresShop);
