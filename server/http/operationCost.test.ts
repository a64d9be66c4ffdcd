import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { MAX_WARNINGS_PER_BATCH } from '../../core/limits.ts';
import { MAX_OPERATION_COST_UNITS, operationCost, requireWithinCost } from './operationCost.ts';

const schema = buildSchema(`
  type Query { team(id: ID): Team, nodes(ids: [ID!]!): [Team] }
  type Team { id: ID, people(first: Int, last: Int, after: String): PersonConnection, tags: [Tag] }
  type PersonConnection { edges: [PersonEdge], pageInfo: Info }
  type Info { more: Boolean }
  type PersonEdge { cursor: String, node: Person }
  type Person { name: String, team: Team }
  type Tag { text: String }
`);

function inputOf(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('no operation');
  return { schema, document, operation, variables };
}
const cost = (text: string, variables?: Record<string, unknown>) => operationCost(inputOf(text, variables));

describe('the cost of an operation', () => {
  it('counts each field once', () => {
    expect(cost('{ team { id } }')).toBe(2);
    expect(cost('{ a: team { id } b: team { id } }')).toBe(4);
  });

  it('multiplies what stands on a page by its size', () => {
    const page = (args: string) => cost(`{ team { people${args} { edges { node { name } } } } }`);
    // team + people + size × (edges + node + name)
    expect(page('')).toBe(2 + 20 * 3);
    expect(page('(first: 5)')).toBe(2 + 5 * 3);
    expect(page('(last: 7)')).toBe(2 + 7 * 3);
    expect(page('(first: 0)')).toBe(2);
  });

  it('multiplies a list that is no page by what it is asked for, more than a page has too', () => {
    const warned = buildSchema(`
      type Query { batch: PayoutBatch }
      type PayoutBatch { warnings(first: Int = 100): [Warning] }
      type Warning { code: String }`);
    const of = (args: string, variables = {}) =>
      operationCost({
        ...inputOf(`query ($n: Int) { batch { warnings${args} { code } } }`, variables),
        schema: warned,
      });
    expect(of('')).toBe(2 + 100);
    expect(of('(first: null)')).toBe(2 + 100);
    expect(of('(first: 3)')).toBe(2 + 3);
    expect(of('(first: $n)', { n: 700 })).toBe(2 + 700);
    expect(of('(first: 1000000)')).toBe(2 + MAX_WARNINGS_PER_BATCH);
  });

  it('multiplies pages in pages', () => {
    const nested =
      '{ team { people(first: 10) { edges { node { team { people(first: 10) { edges { node { name } } } } } } } } }';
    expect(cost(nested)).toBe(2 + 10 * (2 + 2 + 10 * 3));
  });

  it('reads sizes from variables, and takes the largest where there is none to read', () => {
    const text = 'query ($n: Int) { team { people(first: $n) { edges { cursor } } } }';
    expect(cost(text, { n: 3 })).toBe(2 + 3 * 2);
    expect(cost(text, { n: -1 })).toBe(2 + 100 * 2);
    expect(cost(text, { n: 1_000_000 })).toBe(2 + 100 * 2);
    expect(cost(text)).toBe(2 + 20 * 2);
    expect(cost(text.replace('$n: Int', '$n: Int = 60'))).toBe(2 + 60 * 2);
    expect(cost(text.replace('$n: Int', '$n: Int = 60'), { n: 3 })).toBe(2 + 3 * 2);
  });

  it('counts listed ids, plain lists and fragments', () => {
    expect(cost('{ nodes(ids: ["a", "b"]) { id } }')).toBe(1 + 2);
    expect(cost('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] })).toBe(1 + 3);
    expect(cost('{ team { tags { text } } }')).toBe(2 + 5);
    expect(cost('{ team { ...T ... on Team { id } } } fragment T on Team { id tags { text } }')).toBe(
      1 + 1 + 6 + 1,
    );
  });

  it('is computed in no time for fragments that spread each other again and again', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on Team { ...F${index + 1} ...F${index + 1} }`,
    );
    const text = `{ team { ...F0 } } ${fragments.join(' ')} fragment F60 on Team { id }`;
    expect(cost(text)).toBe(1 + 2 ** 60);
    expect(() => requireWithinCost(inputOf(text))).toThrow(`at most ${MAX_OPERATION_COST_UNITS}`);
  });

  it('leaves introspection out', () => {
    expect(cost('{ __schema { types { name } } __typename }')).toBe(0);
  });
});
