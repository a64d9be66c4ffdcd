import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { PageTitle } from '../components/PageTitle.tsx';
import { useMessages } from '../i18n/messages.ts';
import { appMessages } from './messages.ts';

/** For a page, or an object, that does not exist for this viewer. */
export function NotFound() {
  const t = useMessages(appMessages);
  return (
    <>
      <PageTitle title={t('notFound')} hint={t('notFoundHint')} />
      <Button component={Link} to="/" variant="light">
        {t('home')}
      </Button>
    </>
  );
}
