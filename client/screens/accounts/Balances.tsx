import { Stack, Text } from '@mantine/core';
import { Amount } from '../../components/Amount.tsx';
import type { AccountBalancesFragment } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './accounts.module.css';
import { accountMessages } from './messages.ts';

/** Dark or light enough to be read on either scheme. */
const ALARM = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))';
const COLUMNS = ['total', 'reserved', 'available'] as const;

/**
 * What an account holds of each asset: all of it, what batches were promised, and what is left.
 * @param props.isShort without the block and the explanation
 */
export function Balances({
  balances,
  isShort = false,
}: {
  balances: AccountBalancesFragment;
  isShort?: boolean;
}) {
  const t = useMessages(accountMessages);
  const format = useFormat();
  if (balances.edges.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('noBalance')}
      </Text>
    );
  }
  return (
    <Stack gap="sm" style={{ minWidth: 0 }}>
      {balances.edges.map(({ node }) => {
        const isOverdrawn = node.available.amount.startsWith('-');
        return (
          <div key={node.total.asset.id}>
            <dl className={classes.balance}>
              {COLUMNS.map((column) => (
                <div key={column}>
                  <dt>{t(column)}</dt>
                  <dd>
                    <Amount
                      money={node[column]}
                      {...(column === 'available' ? { fw: 650 } : {})}
                      {...(column === 'available' && isOverdrawn ? { c: ALARM } : {})}
                    />
                  </dd>
                </div>
              ))}
            </dl>
            {isOverdrawn && (
              <Text size="xs" c={ALARM}>
                {t('overdrawn')}
              </Text>
            )}
            {!isShort && (
              <Text size="xs" c="dimmed">
                {t('asOf', { block: format.amount(node.asOfBlock, 0) })}
              </Text>
            )}
          </div>
        );
      })}
    </Stack>
  );
}
