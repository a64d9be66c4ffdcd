import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  documentLengthError,
  MAX_ALIASES_PER_OPERATION,
  MAX_DOCUMENT_CHARACTERS,
  MAX_DOCUMENT_TOKENS,
  MAX_OPERATION_DEPTH_LEVELS,
  MAX_ROOT_FIELDS_PER_OPERATION,
  operationShapeRule,
  parseWithinLimits,
} from './operationLimits.ts';

const schema = buildSchema('type Query { a: Query, b: Int }');
const limits = (text: string) =>
  validate(schema, parse(text), [operationShapeRule]).map((error) => error.extensions.limit);
const nested = (levels: number): string => (levels === 1 ? 'b' : `a { ${nested(levels - 1)} }`);

describe('the shape of an operation', () => {
  it('is as deep as allowed, no deeper', () => {
    expect(limits(`{ ${nested(MAX_OPERATION_DEPTH_LEVELS)} }`)).toEqual([]);
    expect(limits(`{ ${nested(MAX_OPERATION_DEPTH_LEVELS + 1)} }`)).toEqual(['MAX_OPERATION_DEPTH_LEVELS']);
  });

  it('counts depth through fragments', () => {
    const text = `{ a { ...F } } fragment F on Query { ${nested(MAX_OPERATION_DEPTH_LEVELS)} }`;
    expect(limits(text)).toEqual(['MAX_OPERATION_DEPTH_LEVELS']);
  });

  it('has as many aliases as allowed, wherever they stand', () => {
    const aliases = (count: number) => Array.from({ length: count }, (_, index) => `x${index}: b`).join(' ');
    expect(limits(`{ a { ${aliases(MAX_ALIASES_PER_OPERATION)} } }`)).toEqual([]);
    const spread = `{ a { ...F a { ...F } } } fragment F on Query { ${aliases(MAX_ALIASES_PER_OPERATION / 2 + 1)} }`;
    expect(limits(spread)).toEqual(['MAX_ALIASES_PER_OPERATION']);
  });

  it('has as many root fields as allowed', () => {
    expect(limits(`{ ${'b '.repeat(MAX_ROOT_FIELDS_PER_OPERATION)} }`)).toEqual([]);
    expect(limits(`{ ${'b '.repeat(MAX_ROOT_FIELDS_PER_OPERATION + 1)} }`)).toEqual([
      'MAX_ROOT_FIELDS_PER_OPERATION',
    ]);
  });

  it('comes to an end on fragments that spread themselves', () => {
    expect(limits('{ a { ...F } } fragment F on Query { a { ...G } } fragment G on Query { ...F }')).toEqual(
      [],
    );
  });

  it('leaves introspection to its own rule', () => {
    const types = (levels: number): string => (levels === 0 ? 'name' : `ofType { ${types(levels - 1)} }`);
    expect(limits(`{ __schema { types { fields { type { ${types(30)} } } } } }`)).toEqual([]);
  });
});

describe('a document', () => {
  it('has as many tokens as allowed', () => {
    const document = (tokens: number) => `{${' b'.repeat(tokens - 2)}}`;
    expect(parseWithinLimits(document(MAX_DOCUMENT_TOKENS - 2)).definitions).toHaveLength(1);
    expect(() => parseWithinLimits(document(MAX_DOCUMENT_TOKENS + 10))).toThrow(/at most/);
    expect(() => parseWithinLimits('{ b')).toThrow(GraphQLError);
  });

  it('has as many characters as allowed', () => {
    expect(documentLengthError('x'.repeat(MAX_DOCUMENT_CHARACTERS))).toBeNull();
    expect(documentLengthError('x'.repeat(MAX_DOCUMENT_CHARACTERS + 1))?.extensions).toEqual({
      code: 'LIMIT_EXCEEDED',
      limit: 'MAX_DOCUMENT_CHARACTERS',
    });
  });
});
