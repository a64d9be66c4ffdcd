import {
  Button,
  Center,
  localStorageColorSchemeManager,
  MantineProvider,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { lazy, type ReactNode, Suspense } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { LoadingState } from '../components/LoadingState.tsx';
import { useNewVersion } from '../graphql/newVersion.ts';
import { useMessages } from '../i18n/messages.ts';
import { LiveProvider } from '../live/LiveProvider.tsx';
import { INVITATION_PATH, takeInvitationSecret } from '../screens/members/invitationSecret.ts';
import { OrganizationProvider } from '../session/OrganizationProvider.tsx';
import { SessionProvider, useSession } from '../session/SessionProvider.tsx';
import { CrashBoundary } from './CrashBoundary.tsx';
import { Layout } from './Layout.tsx';
import { appMessages } from './messages.ts';
import { NewVersion } from './NewVersion.tsx';
import { NotFound } from './NotFound.tsx';
import { theme } from './theme.ts';

const screen = <Name extends string>(load: () => Promise<Record<Name, () => ReactNode>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const SignIn = screen(() => import('../screens/signIn/SignIn.tsx'), 'SignIn');
const AcceptInvitation = screen(() => import('../screens/members/AcceptInvitation.tsx'), 'AcceptInvitation');
const FirstOrganization = screen(
  () => import('../screens/settings/FirstOrganization.tsx'),
  'FirstOrganization',
);
const Dashboard = screen(() => import('../screens/dashboard/Dashboard.tsx'), 'Dashboard');
const Batches = screen(() => import('../screens/batches/Batches.tsx'), 'Batches');
const ImportBatch = screen(() => import('../screens/import/ImportBatch.tsx'), 'ImportBatch');
const PayOne = screen(() => import('../screens/pay/PayOne.tsx'), 'PayOne');
const Batch = screen(() => import('../screens/batches/Batch.tsx'), 'Batch');
const Receipt = screen(() => import('../screens/batches/Receipt.tsx'), 'Receipt');
const Approvals = screen(() => import('../screens/approvals/Approvals.tsx'), 'Approvals');
const Approval = screen(() => import('../screens/approvals/Approval.tsx'), 'Approval');
const Accounts = screen(() => import('../screens/accounts/Accounts.tsx'), 'Accounts');
const Account = screen(() => import('../screens/accounts/Account.tsx'), 'Account');
const Payees = screen(() => import('../screens/payees/Payees.tsx'), 'Payees');
const Members = screen(() => import('../screens/members/Members.tsx'), 'Members');
const Settings = screen(() => import('../screens/settings/Settings.tsx'), 'Settings');
const Events = screen(() => import('../screens/events/Events.tsx'), 'Events');

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager()}
    >
      <Notifications position="bottom-right" />
      <NewVersion />
      <CrashBoundary>
        <BrowserRouter>
          <SessionProvider>
            <Suspense fallback={<LoadingState />}>
              <Routes>
                <Route path="/sign-in" element={<SignIn />} />
                <Route path="/*" element={<SignedIn />} />
              </Routes>
            </Suspense>
          </SessionProvider>
        </BrowserRouter>
      </CrashBoundary>
    </MantineProvider>
  );
}

function SignedIn() {
  const { session } = useSession();
  const isNewVersionThere = useNewVersion();
  const location = useLocation();
  if (session.kind === 'LOADING') return <LoadingState />;
  // It answers, but not to this page.
  if (session.kind === 'UNREACHABLE' && isNewVersionThere) return null;
  if (session.kind === 'UNREACHABLE') return <Unreachable retry={session.retry} />;
  if (session.kind === 'SIGNED_OUT') {
    // What is written into the history outlasts the tab: the secret of an invitation stays in memory alone.
    if (location.pathname === INVITATION_PATH) takeInvitationSecret(location.hash);
    const back = `${location.pathname}${location.search}`;
    return <Navigate to="/sign-in" replace state={{ back }} />;
  }
  return (
    <Routes>
      <Route path={INVITATION_PATH} element={<AcceptInvitation />} />
      <Route path="/*" element={<OrganizationScreens />} />
    </Routes>
  );
}

function OrganizationScreens() {
  return (
    <OrganizationProvider without={<FirstOrganization />}>
      <LiveProvider>
        <Layout>
          <Suspense fallback={<LoadingState />}>
            <ShownScreen>
              <Routes>
                <Route path="/" element={<Dashboard />} />
                <Route path="/batches" element={<Batches />} />
                <Route path="/batches/import" element={<ImportBatch />} />
                <Route path="/batches/pay" element={<PayOne />} />
                <Route path="/batches/:batchId" element={<Batch />} />
                <Route path="/batches/:batchId/receipt" element={<Receipt />} />
                <Route path="/approvals" element={<Approvals />} />
                <Route path="/approvals/:approvalId" element={<Approval />} />
                <Route path="/accounts" element={<Accounts />} />
                <Route path="/accounts/:accountId" element={<Account />} />
                <Route path="/payees" element={<Payees />} />
                <Route path="/members" element={<Members />} />
                <Route path="/settings" element={<Settings />} />
                <Route path="/events" element={<Events />} />
                <Route path="*" element={<NotFound />} />
              </Routes>
            </ShownScreen>
          </Suspense>
        </Layout>
      </LiveProvider>
    </OrganizationProvider>
  );
}

/** Names the screen that is shown; while the next one is still being loaded, that is the former one or none. */
function ShownScreen({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <div data-screen={pathname}>{children}</div>;
}

function Unreachable({ retry }: { retry(): void }) {
  const t = useMessages(appMessages);
  return (
    <Center mih="100dvh" p="md">
      <Stack align="center" role="alert">
        <Title order={1} size="h3">
          {t('unreachable')}
        </Title>
        <Text c="dimmed">{t('unreachableHint')}</Text>
        <Button onClick={retry}>{t('retry')}</Button>
      </Stack>
    </Center>
  );
}
