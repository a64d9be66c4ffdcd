import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import type { Permission } from '../generated/operationTypes.ts';
import { ViewerPermissionsDocument } from '../generated/session/viewer.ts';
import { type SessionMembership, useSession } from './SessionProvider.tsx';

type OrganizationContext = {
  organization: SessionMembership['organization'];
  membership: SessionMembership;
  memberships: readonly SessionMembership[];
  choose(organizationId: string): void;
  /** Whether the viewer's roles allow it; false until that is known. The server decides all the same. */
  may(permission: Permission): boolean;
};

const STORAGE_KEY = 'organization';
const Context = createContext<OrganizationContext | null>(null);

/** The organization whose screens are shown. @throws Error outside of them */
export function useOrganization(): OrganizationContext {
  const context = useContext(Context);
  if (context === null) throw new Error('useOrganization is used outside of OrganizationProvider.');
  return context;
}

/** Shown first from now on, where the viewer is a member of it. */
export function rememberOrganization(id: string): void {
  localStorage.setItem(STORAGE_KEY, id);
}

export function OrganizationProvider({ without, children }: { without: ReactNode; children: ReactNode }) {
  const { session } = useSession();
  const memberships = session.kind === 'SIGNED_IN' ? session.memberships : [];
  const [chosen, setChosen] = useState(() => localStorage.getItem(STORAGE_KEY));
  const membership = memberships.find(({ organization }) => organization.id === chosen) ?? memberships[0];
  const organizationId = membership?.organization.id ?? '';
  const roles = membership?.roles.join();
  const context = useMemo(() => ({ roles }), [roles]);
  const [{ data }] = useQuery({
    query: ViewerPermissionsDocument,
    variables: { organizationId },
    // What other roles add up to is asked again.
    context,
    pause: membership === undefined,
  });
  const permissions = data?.viewer?.permissions;
  const value = useMemo(
    () =>
      membership === undefined
        ? null
        : {
            organization: membership.organization,
            membership,
            memberships,
            choose: (id: string) => {
              rememberOrganization(id);
              setChosen(id);
            },
            may: (permission: Permission) => permissions?.includes(permission) ?? false,
          },
    [membership, memberships, permissions],
  );
  if (value === null) return without;
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
