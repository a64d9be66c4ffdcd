import { Button, type MantineSpacing, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { LiveContent } from './LiveContent.tsx';
import type { Listed, Pages } from './usePages.ts';

/**
 * A list's states, what it shows, and the button to its next page.
 * @param props.more what the button says
 * @param props.empty stands in place of a list without rows
 */
export function PagedList<Node>(props: {
  pages: Pages<Node>;
  more: string;
  empty: ReactNode;
  gap?: MantineSpacing;
  /** Xs: inside of a card. */
  buttonSize?: 'xs';
  children: (list: Listed<Node>) => ReactNode;
}) {
  const { pages, more, empty, gap = 'sm', buttonSize, children } = props;
  return (
    <LiveContent result={pages} select={(list) => list}>
      {(list) =>
        list.nodes.length === 0 ? (
          empty
        ) : (
          <Stack gap={gap}>
            {children(list)}
            {list.hasNextPage && (
              <Button
                variant="default"
                style={{ alignSelf: 'center' }}
                loading={pages.isLoadingMore}
                onClick={pages.more}
                {...(buttonSize === undefined ? {} : { size: buttonSize })}
              >
                {more}
              </Button>
            )}
          </Stack>
        )
      }
    </LiveContent>
  );
}
