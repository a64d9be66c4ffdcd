import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

const MAX_INTEGER_CHARACTERS = 80;
const INTEGER = /^-?(0|[1-9]\d*)$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HEX = /^0x([0-9a-fA-F]{2})*$/;

function readString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new GraphQLError(`${name} is written as a string.`);
  return value;
}

function matching(name: string, form: RegExp, what: string) {
  return (value: unknown): string => {
    const text = readString(value, name);
    if (!form.test(text)) throw new GraphQLError(`${name} is ${what}.`);
    return text;
  };
}

builder.scalarType('DateTime', {
  description: 'A moment, as RFC 3339 writes it, in UTC: "2026-11-20T12:30:00.000Z".',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = new Date(readString(value, 'DateTime'));
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime is written as RFC 3339 says.');
    return date;
  },
});

builder.scalarType('Date', {
  description: 'A day, in UTC: "2026-11-20".',
  serialize: (value) => value,
  parseValue: (value) => {
    const day = readString(value, 'Date');
    if (!DAY.test(day) || Number.isNaN(Date.parse(day))) {
      throw new GraphQLError('Date is a day of the calendar, as in 2026-11-20.');
    }
    return day;
  },
});

builder.scalarType('Decimal', {
  description:
    'An exact decimal number as a string, never a float. Of money: always exactly the asset’s decimals, "1250.500000".',
  serialize: (value) => value,
  parseValue: matching('Decimal', DECIMAL, 'digits with at most one point'),
});

builder.scalarType('BigInt', {
  description: 'An integer of any size, as a string.',
  serialize: (value) => value.toString(),
  parseValue: (value) => {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : value;
    const digits = readString(text, 'BigInt');
    if (!INTEGER.test(digits) || digits.length > MAX_INTEGER_CHARACTERS) {
      throw new GraphQLError('BigInt is an integer in digits.');
    }
    return BigInt(digits);
  },
});

builder.scalarType('Address', {
  description: 'An address in the chain’s own form: EIP-55 checksummed on EVM chains, base58 on Solana.',
  serialize: (value) => value,
  parseValue: (value) => readString(value, 'Address'),
});

builder.scalarType('Hex', {
  description: 'Bytes in hexadecimal digits after "0x".',
  serialize: (value) => value,
  parseValue: matching('Hex', HEX, '"0x" and an even number of hexadecimal digits'),
});

builder.scalarType('Hash', {
  description: 'The id of a transaction or block, in the chain’s own form.',
  serialize: (value) => value,
  parseValue: (value) => readString(value, 'Hash'),
});

builder.scalarType('EventCursor', {
  description:
    'An opaque position in one organization’s event log: the same in queries, mutations and subscriptions.',
  serialize: (value) => value,
  parseValue: (value) => readString(value, 'EventCursor'),
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node) => literalValue(node),
});

builder.scalarType('File', {
  description:
    'A file of a GraphQL multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec).',
  serialize: () => {
    throw new GraphQLError('A file is only ever sent, never returned.');
  },
  parseValue: (value) => {
    if (!isFile(value)) {
      throw new GraphQLError('A file comes as a part of a GraphQL multipart request.');
    }
    return value;
  },
});

/** By what it does, not by its class: the HTTP server has a File of its own. */
function isFile(value: unknown): value is File {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Partial<File>;
  return typeof file.size === 'number' && typeof file.arrayBuffer === 'function';
}

function literalValue(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, literalValue(field.value)]));
    case Kind.LIST:
      return node.values.map(literalValue);
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    default:
      return null;
  }
}
