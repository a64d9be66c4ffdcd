import {
  ActionIcon,
  AppShell,
  Avatar,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAddressBook,
  IconBuildingBank,
  IconChecklist,
  IconFileInvoice,
  IconHome,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSettings,
  IconTimelineEvent,
  IconUsers,
} from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { chooseLanguage, LANGUAGES, type Language, useLanguage } from '../i18n/language.ts';
import { useMessages } from '../i18n/messages.ts';
import { useOrganization } from '../session/OrganizationProvider.tsx';
import { useSession, useUser } from '../session/SessionProvider.tsx';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { CrashBoundary } from './CrashBoundary.tsx';
import { appMessages } from './messages.ts';

const OrganizationSelect = lazy(async () => ({
  default: (await import('./OrganizationSelect.tsx')).OrganizationSelect,
}));

const HEADER_HEIGHT_PX = 60;
const NAVBAR_WIDTH_PX = 232;
const MAX_CONTENT_WIDTH_PX = 1180;
const ICON_PX = 20;

const LINKS = [
  { to: '/', text: 'dashboard', Icon: IconHome },
  { to: '/batches', text: 'batches', Icon: IconFileInvoice },
  { to: '/approvals', text: 'approvals', Icon: IconChecklist },
  { to: '/accounts', text: 'accounts', Icon: IconBuildingBank },
  { to: '/payees', text: 'payees', Icon: IconAddressBook },
  { to: '/members', text: 'members', Icon: IconUsers },
  { to: '/events', text: 'events', Icon: IconTimelineEvent },
  { to: '/settings', text: 'settings', Icon: IconSettings },
] as const;

/** Header, navigation, and the screen of the moment. */
export function Layout({ children }: { children: ReactNode }) {
  const t = useMessages(appMessages);
  const [isOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: who went somewhere wants to see it
  useEffect(() => menu.close(), [pathname]);
  return (
    <AppShell
      header={{ height: HEADER_HEIGHT_PX }}
      navbar={{ width: NAVBAR_WIDTH_PX, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('openMenu')}
              aria-expanded={isOpen}
            />
            <Brand />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ConnectionBadge />
            <LanguageMenu />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('navigation')}>
        <AppShell.Section>
          <OrganizationName />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} mt="sm">
          <Stack gap={2}>
            {LINKS.map(({ to, text, Icon }) => {
              const isHere = to === '/' ? pathname === '/' : pathname.startsWith(to);
              return (
                <NavLink
                  key={to}
                  component={Link}
                  to={to}
                  label={t(text)}
                  active={isHere}
                  aria-current={isHere ? 'page' : undefined}
                  leftSection={<Icon size={ICON_PX} stroke={1.6} aria-hidden />}
                  style={{ borderRadius: 8 }}
                />
              );
            })}
          </Stack>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <div style={{ maxWidth: MAX_CONTENT_WIDTH_PX, marginInline: 'auto' }}>
          <CrashBoundary key={pathname}>{children}</CrashBoundary>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

function Brand() {
  return (
    <UnstyledButton component={Link} to="/" aria-label="Protocol Banks">
      <Group gap={8} wrap="nowrap">
        <img src="/icon.svg" width={28} height={28} alt="" />
        <Text fw={700} visibleFrom="xs" style={{ whiteSpace: 'nowrap' }}>
          Protocol Banks
        </Text>
      </Group>
    </UnstyledButton>
  );
}

function OrganizationName() {
  const { organization, memberships } = useOrganization();
  const name = (
    <Text fw={600} px="xs" py={4} truncate title={organization.name}>
      {organization.name}
    </Text>
  );
  if (memberships.length < 2) return name;
  return (
    <Suspense fallback={name}>
      <OrganizationSelect />
    </Suspense>
  );
}

function LanguageMenu() {
  const t = useMessages(appMessages);
  const language = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language')}>
          <IconLanguage size={ICON_PX} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            fw={each === language ? 700 : 400}
            onClick={() => void chooseLanguage(each)}
          >
            {LANGUAGES[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function PersonMenu() {
  const t = useMessages(appMessages);
  const { signOut } = useSession();
  const user = useUser();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton>
          <VisuallyHidden>{t('account')}</VisuallyHidden>
          <Avatar name={user.displayName} color="initials" size={34} radius="xl" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.displayName}</Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('colorScheme')}</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((each) => (
          <Menu.Item
            key={each}
            fw={each === colorScheme ? 700 : 400}
            leftSection={each === 'dark' ? <IconMoon size={16} aria-hidden /> : undefined}
            onClick={() => setColorScheme(each)}
          >
            {t(each)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
