-- Statement triggers: a load of a million rows costs one pass over its transition table, not a million calls.
CREATE OR REPLACE FUNCTION app.publish_domain_changes(changed_table text, changed_customers jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    tenant record;
    payload text;
BEGIN
    FOR tenant IN
        WITH recorded AS (
            INSERT INTO app.change_events (organization_id, table_name, customer_id)
            SELECT c ->> 0, changed_table, c ->> 1
              FROM jsonb_array_elements(changed_customers) AS c
            RETURNING id, organization_id, customer_id)
        SELECT organization_id, max(id) AS last_event_id, count(*) AS customers,
               (array_agg(customer_id ORDER BY customer_id))[1:100] AS sample
          FROM recorded
         GROUP BY organization_id
    LOOP
        payload := json_build_object(
            'organizationId', tenant.organization_id, 'table', changed_table, 'lastEventId', tenant.last_event_id,
            'customerIds', to_json(tenant.sample), 'complete', tenant.customers <= 100)::text;
        -- PostgreSQL refuses payloads of 8000 bytes and more: then the listener reads app.change_events.
        IF tenant.customers > 100 OR octet_length(payload) > 7500 THEN
            payload := json_build_object(
                'organizationId', tenant.organization_id, 'table', changed_table, 'lastEventId', tenant.last_event_id,
                'customerIds', '[]'::json, 'complete', false)::text;
        END IF;
        PERFORM pg_notify('domain_changes', payload);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION app.on_domain_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    customers jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_agg(jsonb_build_array(organization_id, customer_id)) INTO customers
          FROM (SELECT organization_id, customer_id FROM before UNION SELECT organization_id, customer_id FROM changed) AS c;
    ELSE
        SELECT jsonb_agg(jsonb_build_array(organization_id, customer_id)) INTO customers
          FROM (SELECT DISTINCT organization_id, customer_id FROM changed) AS c;
    END IF;
    IF customers IS NOT NULL THEN
        PERFORM app.publish_domain_changes(TG_TABLE_NAME, customers);
    END IF;
    RETURN NULL;
END $$;

-- A payment names its customer through its invoice.
CREATE OR REPLACE FUNCTION app.on_payment_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    customers jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_agg(jsonb_build_array(organization_id, customer_id)) INTO customers
          FROM (SELECT DISTINCT i.organization_id, i.customer_id
                  FROM (SELECT organization_id, invoice_id FROM before UNION SELECT organization_id, invoice_id FROM changed) AS p
                  JOIN domain.invoices i USING (organization_id, invoice_id)) AS c;
    ELSE
        SELECT jsonb_agg(jsonb_build_array(organization_id, customer_id)) INTO customers
          FROM (SELECT DISTINCT i.organization_id, i.customer_id
                  FROM changed AS p JOIN domain.invoices i USING (organization_id, invoice_id)) AS c;
    END IF;
    IF customers IS NOT NULL THEN
        PERFORM app.publish_domain_changes(TG_TABLE_NAME, customers);
    END IF;
    RETURN NULL;
END $$;

-- What was truncated cannot be told apart any more: every customer of every organization.
CREATE OR REPLACE FUNCTION app.on_domain_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM app.publish_domain_changes(TG_TABLE_NAME, jsonb_agg(jsonb_build_array(organization_id, '*')))
       FROM app.organizations
      HAVING count(*) > 0;
    RETURN NULL;
END $$;
