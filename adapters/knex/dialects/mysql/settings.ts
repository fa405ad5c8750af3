import { type Statement, statement } from '../../sql/statement.js';
import { onMySql } from './flavour.js';

/**
 * The settings that a connection needs: with another character set, text loses characters without an error; without
 * `autocommit`, an acknowledged change is lost with the connection; and unique entries need empty strings. Without a default
 * database, MySQL refuses to update a table by a `JSON_TABLE`, although both are named in full.
 */
export const SETTINGS: Statement = statement(`
  SELECT CONCAT_WS(', ',
    IF(@@character_set_client = 'utf8mb4' AND @@character_set_connection = 'utf8mb4'
      AND COALESCE(@@character_set_results, 'utf8mb4') = 'utf8mb4', NULL, 'the character set utf8mb4'),
    ${onMySql("IF(DATABASE() IS NULL, 'a default database', NULL),")}
    IF(@@autocommit = 1, NULL, 'autocommit = 1'),
    IF(FIND_IN_SET('EMPTY_STRING_IS_NULL', @@sql_mode) = 0, NULL, 'an sql_mode without EMPTY_STRING_IS_NULL'))`);
