import { expect } from 'chai';
import { CHECKED, Workspace } from './compile.js';
import { programOf, SMALL_PROGRAM } from './large-schema.js';

describe('The types of a schema that is declared in TypeScript', () => {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.onModel();
  });

  after(() => workspace.dispose());

  for (const exactOptionalPropertyTypes of [true, false]) {
    it(`R4, R5, R9, R11: accept what the rules accept, and refuse the rest; exactOptionalPropertyTypes ${exactOptionalPropertyTypes}`, async () => {
      const { errors } = await workspace.compile(CHECKED, { exactOptionalPropertyTypes });
      expect(errors).to.deep.equal([]);
    });
  }

  describe('refuse what has lost its literals, and say so', () => {
    const widened = (what: string, to = 'string') =>
      `dossier: declare the schema inline or \`as const\`; ${what} was widened to ${to}`;
    const cases: Readonly<Record<string, readonly [arrange: string, schema: string, message: string]>> = {
      'a list of attributes': [
        "const attributes = [{ name: 'A', type: 'string' }];",
        '{ attributes }',
        widened('the name of an attribute'),
      ],
      'a whole schema': [
        "const schema = { attributes: [{ name: 'A', type: 'string' }] };",
        'schema',
        widened('the name of an attribute'),
      ],
      'a schema of the plain type': [
        "declare const schema: import('dossier').SchemaDefinition;",
        'schema',
        widened('the name of an attribute'),
      ],
      'a type': [
        "const type: string = 'date';",
        "{ attributes: [{ name: 'A', type }] }",
        widened('the type of an attribute'),
      ],
      'a flag': [
        'declare const multiValued: boolean;',
        "{ attributes: [{ name: 'A', type: 'date', multiValued }] }",
        widened('`multiValued` of an attribute', 'boolean'),
      ],
      'the values of oneOf': [
        "const oneOf = ['red', 'green'];",
        "{ attributes: [{ name: 'A', type: 'string', oneOf }] }",
        widened('`oneOf` of an attribute'),
      ],
      'the numbers of oneOf': [
        'const oneOf = [1, 2];',
        "{ attributes: [{ name: 'A', type: 'integer', oneOf }] }",
        widened('`oneOf` of an attribute', 'number'),
      ],
      'the name of an extension': [
        'declare const name: string;',
        "{ attributes: [], extensions: [{ name, type: 'multi-valued', attributes: [] }] }",
        widened('the name of an extension'),
      ],
    };

    it('in one line that names the part', async () => {
      const files = await Promise.all(
        Object.values(cases).map(([arrange, schema], index) =>
          workspace.write(
            `widened-${index}.ts`,
            `import { defineSchema } from 'dossier';\n${arrange}\nexport const s = defineSchema(${schema});\n`,
          ),
        ),
      );
      const { errors } = await workspace.compile(files);
      for (const [index, [title, [, , message]]] of Object.entries(cases).entries()) {
        const own = errors.filter((error) => error.includes(`widened-${index}.ts`));
        expect(own, title).to.have.length(1);
        expect(own[0], title).to.contain(`is not assignable to type '"${message}"'`);
      }
    });
  });

  it('name what would be right, where a name or a type is wrong', async () => {
    const file = await workspace.write(
      'wrong.ts',
      `import { defineSchema } from 'dossier';
      defineSchema({ attributes: [{ name: 'Name', type: 'strng' }] });
      defineSchema({ attributes: [{ name: 'Name', type: 'string', mandatry: true }] });
      defineSchema({ attributes: [{ name: 'Name', type: 'string' }], identificationKeys: [{ name: 'k', attributes: ['Nmae'] }] });
      `,
    );
    const { errors } = await workspace.compile([file]);
    expect(errors).to.have.length(3);
    expect(errors[0]).to.match(/'"strng"' is not assignable .* Did you mean '"string"'/);
    expect(errors[1]).to.contain('dossier: an attribute definition has no such member');
    expect(errors[2]).to.contain(`'"Nmae"' is not assignable to type '"Name"'`);
  });

  it('cost time in proportion to the number of attributes', async () => {
    // Counted, since that is the same on every machine; the seconds are measured in test/process/types.
    const instantiations = async (program: string) => {
      const file = await workspace.write('program.ts', program);
      const { output, errors } = await workspace.compile(
        [file],
        {},
        { args: ['--extendedDiagnostics', '--singleThreaded'] },
      );
      expect(errors).to.deep.equal([]);
      return Number(/^Instantiations: +(\d+)/m.exec(output)?.[1]);
    };
    const few = await instantiations(SMALL_PROGRAM);
    const some = await instantiations(programOf(260));
    const many = await instantiations(programOf(500));
    expect((many - some) / (some - few)).to.be.lessThan(1.2);
    expect(many - few).to.be.lessThan(100_000);
    const extended = await instantiations(programOf(20, 51));
    expect(extended - few).to.be.lessThan(100_000);
  });
});
