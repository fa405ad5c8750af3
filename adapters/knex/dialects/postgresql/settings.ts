import { type Statement, statement } from '../../sql/statement.js';

/**
 * The settings that the database and its connections need. The driver always sends UTF-8; if either side is `SQL_ASCII`,
 * nothing is converted. Without `array_nulls`, nulls in a batch would become the text `NULL`.
 */
export const SETTINGS: Statement = statement(`
  SELECT concat_ws(', ',
    CASE WHEN upper(current_setting('server_encoding')) IN ('UTF8', 'SQL_ASCII') THEN NULL
      ELSE 'a database with the encoding UTF8' END,
    CASE WHEN upper(current_setting('server_encoding')) = 'SQL_ASCII'
      OR upper(current_setting('client_encoding')) IN ('UTF8', 'SQL_ASCII') THEN NULL
      ELSE 'client_encoding = UTF8' END,
    CASE WHEN current_setting('array_nulls', true) = 'off' THEN 'array_nulls = on' END)`);
