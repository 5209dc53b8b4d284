<?php

namespace App\Providers;

use App\Support\Dialect;
use Carbon\CarbonInterval;
use Composer\InstalledVersions;
use Illuminate\Cache\RateLimiting\Limit;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\RateLimiter;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\ServiceProvider;
use Laravel\Passport\Passport;

class AppServiceProvider extends ServiceProvider
{
    public function boot(): void
    {
        $this->loadMigrationsFrom([
            base_path('database/migrations'),
            InstalledVersions::getInstallPath('laravel/passport').'/database/migrations',
        ]);

        Passport::loadKeysFrom(storage_path('keys'));
        Passport::tokensExpireIn(CarbonInterval::seconds(config('autocom.token_ttl')));
        Passport::refreshTokensExpireIn(CarbonInterval::seconds(config('autocom.refresh_ttl')));
        Passport::personalAccessTokensExpireIn(CarbonInterval::seconds(config('autocom.pat_ttl')));
        if (Dialect::passport() === 13) {
            Passport::authorizationView('authorize'); // it ships no consent page
        }

        RateLimiter::for('api', fn (Request $r) => Limit::perMinute(config('autocom.api_rate'))->by($r->user('api')?->id ?: $r->ip()));
        RateLimiter::for('login', fn (Request $r) => Limit::perMinute(config('autocom.login_rate'))->by($r->ip()));

        if ($rate = config('autocom.token_rate')) {
            $this->app->booted(function () use ($rate) {
                $route = Route::getRoutes()->getByName('passport.token');
                $route?->setAction(['middleware' => ["throttle:$rate,1"]] + $route->getAction());
            });
        }
    }
}
