import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';

const PROFILES = '{"customer_id":"bruce","FirstName":"Bruce"}\n{"customer_id":"clark","FirstName":"Clark"}\n';
const SCHEMA = '{"attributes":[{"name":"FirstName","type":"string"}]}';
