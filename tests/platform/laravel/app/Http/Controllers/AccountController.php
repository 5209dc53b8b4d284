<?php

namespace App\Http\Controllers;

use Illuminate\Http\Request;
use Illuminate\Support\Carbon;
use Laravel\Passport\Passport;

class AccountController
{
    public function profile(Request $request): array
    {
        return self::describe($request->user('api'));
    }

    public function rename(Request $request): array
    {
        $user = $request->user('api');
        $user->update($request->validate(['name' => 'required|string|max:255']));

        return ['message' => 'Profile updated successfully', 'user' => $user->only('id', 'name', 'email')];
    }

    public static function describe($user): array
    {
        $membership = $user->tenants()->whereKey(tenant()->id)->first()->pivot;

        return [
            'id' => $user->id,
            'name' => $user->name,
            'email' => $user->email,
            'email_verified' => $user->email_verified_at !== null,
            'is_super_admin' => $user->is_super_admin,
            'created_at' => $user->created_at->toIso8601ZuluString(),
            'last_login_at' => $user->last_login_at?->toIso8601ZuluString(),
            'last_login_ip' => $user->last_login_ip,
            'current_tenant' => [
                'id' => tenant()->id,
                'role' => $user->getRoleNames()->first(), // the truth; the pivot's copy serves the tenant list only
                'status' => $membership->status,
                'joined_at' => Carbon::parse($membership->joined_at)->toIso8601ZuluString(),
                'last_active_at' => $membership->last_active_at ? Carbon::parse($membership->last_active_at)->toIso8601ZuluString() : null,
            ],
            'tenants_count' => $user->tenants()->count(),
        ];
    }

    public function tenants(Request $request): array
    {
        return ['tenants' => $request->user('api')->tenants()->orderBy('tenants.id')->get()
            ->map(fn ($t) => ['id' => $t->id, 'name' => $t->name, 'role' => $t->pivot->role])->all()];
    }

    public function logout(Request $request): array
    {
        $token = $request->user('api')->token();

        if (config('autocom.logout') === 'full') {
            Passport::refreshTokenModel()::query()->where('access_token_id', $token->oauth_access_token_id ?? $token->getKey())->update(['revoked' => true]);
        }

        $token->revoke();

        return ['message' => 'Successfully logged out'];
    }
}
