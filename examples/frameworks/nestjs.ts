import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import type { Request, Response } from 'express';
import { signIn, userOfHost } from './sign-in.js';

@Controller()
class EchoController {
  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class HostModule {}

/** A NestJS 11 host. `use` before `init` mounts Dossier before Nest's body parsers, since it reads request bodies itself. */
export async function nestHost(dossier: Services, options: ProfileApiOptions = {}): Promise<RequestListener> {
  const api = createProfileApi(dossier, { authenticate: userOfHost, ...options, basePath: '/crm' });
  const profiles = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const app = await NestFactory.create<NestExpressApplication>(HostModule, { logger: false });
  app.use(signIn);
  app.use('/crm', (request: Request, response: Response) => {
    request.url = request.originalUrl; // Express strips the prefix
    profiles(request, response);
  });
  await app.init();
  return app.getHttpAdapter().getInstance();
}
