import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  percentOfShare,
  percentText,
  readPercent,
  shareText,
  sumPercents,
  WHOLE_MILLIONTHS,
} from './shares.ts';

test('thirds add up to less than the whole, and what is missing is exact', () => {
  const sum = sumPercents(['33.3333', '33,3333', '33.3333']);
  expect(percentText(sum)).toBe('99.9999');
  expect(percentText(WHOLE_MILLIONTHS - sum)).toBe('0.0001');
});

test('nothing stands after the last digit that counts', () => {
  expect(['1', '0.25', '0.105'].map(percentOfShare)).toEqual(['100', '25', '10.5']);
  expect(percentText(0n)).toBe('0');
});

test.each(['', '0', '-1', '100.0001', '33.33333', '1e1', '1.2.3', 'half'])('%s is no share', (text) => {
  expect(readPercent(text)).toBeNull();
});

test('0.1 and 0.2 are what people think', () => {
  expect(sumPercents(['0.1', '0.2'])).toBe(readPercent('0.3'));
});

test('a share is the same in percent, in millionths and as the server writes it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: WHOLE_MILLIONTHS }), (millionths) => {
      expect(readPercent(percentText(millionths))).toBe(millionths);
      expect(readPercent(percentOfShare(shareText(millionths)))).toBe(millionths);
    }),
  );
});
