<?php

// The switches. They are read from the state directory's .env at every request, so they may change between two.

return [
    // Lifetimes in seconds. The platform's documentation says 15 days for access tokens.
    'token_ttl' => (int) env('TOKEN_TTL', 1296000),
    'refresh_ttl' => (int) env('REFRESH_TTL', 2592000),
    'pat_ttl' => (int) env('PAT_TTL', 31536000),

    // Requests a minute.
    'api_rate' => (int) env('API_RATE', 6000),
    'login_rate' => (int) env('LOGIN_RATE', 6000),
    'token_rate' => (int) env('TOKEN_RATE', 0), // 0 = Passport's own limit, 60 a minute and address

    // handler = JSON with a `code`; stock = what stancl/tenancy and spatie/permission answer by themselves.
    'errors' => env('ERRORS', 'handler'),

    // Resolve the tenant before the token is looked at, as stancl's provider stub does.
    'tenancy_first' => (bool) env('TENANCY_FIRST', false),

    // field = checks per GraphQL field (HTTP 200 and `errors`); route = the same middleware as REST.
    'graphql_gates' => env('GRAPHQL_GATES', 'field'),
    'graphql_depth' => (int) env('GRAPHQL_MAX_DEPTH', 15),
    'graphql_introspection' => (bool) env('INTROSPECTION', true),
    'graphql_complexity' => (int) env('GRAPHQL_MAX_COMPLEXITY', 1000),

    // full = logout revokes the refresh token as well; naive = the access token only.
    'logout' => env('LOGOUT', 'full'),
];
