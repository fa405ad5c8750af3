import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import fc from 'fast-check';
import { printSchemaTypes } from '../../../adapters/cli/schema-types.js';
import { modelSchema } from '../../model/arbitrary-schemas.js';
import { Workspace } from '../types/compile.js';

const CHECKED_BY = `
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
  function check<T extends true>(): T | undefined { return undefined; }
`;

/** Fails to compile unless the printed types are those that are inferred. */
function comparing(schema: SchemaDefinition): string {
  return `
    import { defineSchema, type Infer, type InferInput } from 'dossier';
    ${printSchemaTypes(schema, { name: 'Printed' })}
    ${CHECKED_BY}
    const schema = defineSchema(${JSON.stringify(schema)});
    export const read = (printed: Printed): Infer<typeof schema> => printed;
    export const readBack = (inferred: Infer<typeof schema>): Printed => inferred;
    export const sent = (printed: PrintedInput): InferInput<typeof schema> => printed;
    export const sentBack = (inferred: InferInput<typeof schema>): PrintedInput => inferred;
    check<Same<keyof Printed['attributes'], keyof Infer<typeof schema>['attributes']>>();
    check<Same<Printed['attributes'], Infer<typeof schema>['attributes']>>();
    check<Same<Printed['extensions'], Infer<typeof schema>['extensions']>>();
    check<Same<PrintedInput['attributes'], InferInput<typeof schema>['attributes']>>();
    check<Same<PrintedInput['extensions'], InferInput<typeof schema>['extensions']>>();
  `;
}

describe('dossier schema types', () => {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.onModel();
  });

  after(() => workspace.dispose());

  it('prints the types that Infer and InferInput have, whatever the schema', async function () {
    this.timeout(60_000);
    const seed = Date.now();
    const schemas = fc.sample(modelSchema, { seed, numRuns: 40 }).map(({ definition }) => definition);
    const files = await Promise.all(
      [{ attributes: [] }, ...schemas].map((schema, index) => workspace.write(`${index}.ts`, comparing(schema))),
    );
    for (const exactOptionalPropertyTypes of [true, false]) {
      const { errors } = await workspace.compile(files, { exactOptionalPropertyTypes });
      expect(errors, `seed ${seed}`).to.deep.equal([]);
    }
  });

  it('prints what can be read', () => {
    const schema: SchemaDefinition = {
      attributes: [
        { name: 'Name', type: 'string', mandatory: true },
        { name: 'Codes', type: 'long', multiValued: true },
        { name: 'constructor', type: 'date' },
      ],
      extensions: [
        { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string', mandatory: true }] },
        { name: 'Visited', type: 'single-valued', attributes: [] },
      ],
    };
    expect(
      printSchemaTypes({ version: 3, extensions: [], identificationKeys: [], ...schema }).split('\n'),
    ).to.deep.equal([
      '// Printed by `dossier schema types` from the schema of a tenant, version 3. Print it again when the schema changes.',
      '',
      '/** A profile as it is read. Mandatory attributes may be missing, since the schema may have required them later. */',
      'export type Customer = {',
      '  attributes: {',
      '    Name?: string;',
      '    Codes?: (number | string)[];',
      '    constructor?: string;',
      '  };',
      '  extensions?: {',
      '    Phone?: {',
      '      Number?: string;',
      '    }[];',
      '    Visited?: { [name: string]: never };',
      '  };',
      '};',
      '',
      '/** What creates or replaces a profile. `null` means no value; without `extensions` all of them stay. */',
      'export type CustomerInput = {',
      '  attributes: {',
      '    Name: string;',
      '    Codes?: number | string | readonly (number | string)[] | null | undefined;',
      "    constructor?: string | null | undefined | {}['constructor'];",
      '  };',
      '  extensions?: {',
      '    Phone?: CustomerRecords<{',
      '      Number: string;',
      '    }> | null | undefined;',
      '    Visited?: { [name: string]: never } | readonly [] | null | undefined;',
      '  } | undefined;',
      '};',
      '',
      'type CustomerRecords<Record> = Record | readonly Record[];',
      '',
    ]);
  });

  it('R24: prints the values of oneOf as a union', async () => {
    const schema: SchemaDefinition = {
      attributes: [
        { name: 'Color', type: 'string', oneOf: ['red', 'it\'s "*/', 'red', '\u2028'] },
        { name: 'Sizes', type: 'integer', oneOf: [1, -2], multiValued: true },
        { name: 'Serial', type: 'long', oneOf: [0, '9007199254740993'], mandatory: true },
        { name: 'Fee', type: 'currency', oneOf: ['9.90', 5] },
      ],
      extensions: [
        { name: 'E', type: 'single-valued', attributes: [{ name: 'D', type: 'date', oneOf: ['2024-02-29'] }] },
      ],
    };
    const file = await workspace.write('choices.ts', comparing(schema));
    expect((await workspace.compile([file])).errors).to.deep.equal([]);
    const printed = printSchemaTypes(schema);
    expect(printed).to.contain('    Color?: "red" | "it\'s \\"*/" | "\u2028";');
    expect(printed).to.contain('    Sizes?: (1 | -2)[];');
  });

  it('R1: quotes a name that is no identifier, which a schema that was never checked may have', () => {
    const name = '"}; import "evil';
    const printed = printSchemaTypes({ attributes: [{ name, type: 'string' }] });
    expect(printed).to.contain(`    ${JSON.stringify(name)}?: string;`);
  });
});
