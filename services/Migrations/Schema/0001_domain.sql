-- The business data that answers are made from. A user satisfies this contract with tables or views; services only read it.
CREATE SCHEMA IF NOT EXISTS domain;

-- Relations that are already there are the user's own and stay as they are. A mixture cannot be linked by foreign keys.
DO $$
DECLARE
    present text[];
    absent text[];
BEGIN
    SELECT array_agg(t) FILTER (WHERE to_regclass('domain.' || t) IS NOT NULL),
           array_agg(t) FILTER (WHERE to_regclass('domain.' || t) IS NULL)
      INTO present, absent
      FROM unnest(ARRAY['customers', 'sales_orders', 'invoices', 'payments']) AS t;
    IF present IS NOT NULL AND absent IS NOT NULL THEN
        RAISE EXCEPTION 'schema domain has % but not %: provide all four (a view without rows will do) or none',
            array_to_string(present, ', '), array_to_string(absent, ', ');
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS domain.customers (
    organization_id     text           NOT NULL,
    customer_id         text           NOT NULL,
    name                text           NOT NULL,
    city                text,
    country             text,
    industry            text,
    segment             text,
    currency            char(3)        NOT NULL,
    credit_limit        numeric(14, 2),
    payment_terms_days  integer,
    status              text           NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'on_hold', 'closed')),
    created_at          timestamptz    NOT NULL,
    last_contact_at     timestamptz,
    PRIMARY KEY (organization_id, customer_id)
);

CREATE TABLE IF NOT EXISTS domain.sales_orders (
    organization_id  text           NOT NULL,
    order_id         text           NOT NULL,
    order_number     text           NOT NULL,
    customer_id      text           NOT NULL,
    priority         text           NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'rush')),
    status           text           NOT NULL CHECK (status IN ('open', 'shipped', 'delivered', 'cancelled')),
    amount           numeric(14, 2) NOT NULL,
    currency         char(3)        NOT NULL,
    created_at       timestamptz    NOT NULL,
    requested_date   date,
    shipped_at       timestamptz,
    delivered_at     timestamptz,
    PRIMARY KEY (organization_id, order_id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES domain.customers
);

-- The issue day of an invoice is created_at in UTC. It is paid on the day its payments reach the amount.
CREATE TABLE IF NOT EXISTS domain.invoices (
    organization_id  text           NOT NULL,
    invoice_id       text           NOT NULL,
    invoice_number   text           NOT NULL,
    customer_id      text           NOT NULL,
    order_id         text,
    amount           numeric(14, 2) NOT NULL,
    currency         char(3)        NOT NULL,
    created_at       timestamptz    NOT NULL,
    due_date         date           NOT NULL,
    disputed         boolean        NOT NULL DEFAULT false,
    voided_at        timestamptz,
    PRIMARY KEY (organization_id, invoice_id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES domain.customers,
    FOREIGN KEY (organization_id, order_id) REFERENCES domain.sales_orders
);

CREATE TABLE IF NOT EXISTS domain.payments (
    organization_id  text           NOT NULL,
    payment_id       text           NOT NULL,
    invoice_id       text           NOT NULL,
    amount           numeric(14, 2) NOT NULL,
    currency         char(3)        NOT NULL,
    paid_at          timestamptz    NOT NULL,
    method           text,
    PRIMARY KEY (organization_id, payment_id),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES domain.invoices
);
