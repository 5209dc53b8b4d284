<?php

use App\Http\Middleware\EnsureTenantMember;
use App\Http\Middleware\RequestId;
use App\Support\Problem;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Configuration\Exceptions;
use Illuminate\Foundation\Configuration\Middleware;
use Spatie\Permission\Exceptions\UnauthorizedException;
use Spatie\Permission\Middleware\PermissionMiddleware;

// Everything that a run writes (databases, keys, sessions, switches) lies in one state directory, so that several
// servers can run side by side from one checkout.
$state = getenv('STATE_DIR');

$app = Application::configure(basePath: dirname(__DIR__))
    ->withRouting(
        web: __DIR__.'/../routes/web.php',
        api: __DIR__.'/../routes/api.php',
        apiPrefix: 'api/v1',
        commands: __DIR__.'/../routes/console.php',
    )
    ->withMiddleware(function (Middleware $middleware) {
        $middleware->append(RequestId::class);
        $middleware->throttleApi();
        $middleware->alias([
            'permission' => PermissionMiddleware::class,
            'tenant.member' => EnsureTenantMember::class,
        ]);
    })
    ->withExceptions(function (Exceptions $exceptions) {
        $exceptions->render(function (UnauthorizedException $e) {
            if (config('autocom.errors') === 'handler') {
                $permission = implode('|', $e->getRequiredPermissions());

                return Problem::json(403, 'FORBIDDEN', "Permission `$permission` is missing.", ['permission' => $permission]);
            }
        });
    })
    ->create();

$app->useStoragePath($state.'/storage');
$app->useDatabasePath($state.'/db');
$app->useEnvironmentPath($state);

return $app;
