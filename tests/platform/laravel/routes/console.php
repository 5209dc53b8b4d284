<?php

use App\Models\User;
use App\Support\Tokens;
use Illuminate\Support\Facades\Artisan;
use Laravel\Passport\Passport;

// What a test does to the platform behind its back.

Artisan::command('token:expire {token : an access token, refresh token or code}', function (string $token) {
    $this->line(Tokens::expired($token));
})->purpose('Print that token as it is when its time is over');

Artisan::command('token:revoke {token : an access token, personal access token or refresh token}', function (string $token) {
    $this->line((string) Tokens::revoke($token));
})->purpose('Revoke a token, and nothing else');

Artisan::command('client:revoke {id}', function (string $id) {
    $this->line((string) Passport::client()->newQuery()->whereKey($id)->update(['revoked' => true]));
})->purpose('Revoke an OAuth client');

Artisan::command('user:delete {email}', function (string $email) {
    $this->line((string) User::where('email', $email)->delete());
})->purpose('Delete a user');
