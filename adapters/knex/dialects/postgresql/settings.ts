import { type Statement, statement } from '../../sql/statement.js';

/**
 * What the database and a connection must have set. The driver speaks UTF-8, whatever it has been told; where either side
 * is `SQL_ASCII`, nothing is converted. Without `array_nulls`, what a batch leaves out would be the text `NULL`.
 */
export const SETTINGS: Statement = statement(`
  SELECT concat_ws(', ',
    CASE WHEN upper(current_setting('server_encoding')) IN ('UTF8', 'SQL_ASCII') THEN NULL
      ELSE 'a database with the encoding UTF8' END,
    CASE WHEN upper(current_setting('server_encoding')) = 'SQL_ASCII'
      OR upper(current_setting('client_encoding')) IN ('UTF8', 'SQL_ASCII') THEN NULL
      ELSE 'client_encoding = UTF8' END,
    CASE WHEN current_setting('array_nulls', true) = 'off' THEN 'array_nulls = on' END)`);
