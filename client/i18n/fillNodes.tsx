import { Fragment, type ReactNode } from 'react';

/** Never in a text that people wrote. */
const MARK = '\u0000';

/**
 * A sentence with links and amounts in it, in the order of its language.
 * @param translate gets a stand-in for each node, to fill them into the text
 */
export function fillNodes(
  translate: (standIns: Record<string, string>) => string,
  nodes: Readonly<Record<string, ReactNode>>,
): ReactNode {
  const standIns = Object.fromEntries(Object.keys(nodes).map((name) => [name, `${MARK}${name}${MARK}`]));
  return translate(standIns)
    .split(MARK)
    .map((part, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
      <Fragment key={place}>{place % 2 === 0 ? part : nodes[part]}</Fragment>
    ));
}
