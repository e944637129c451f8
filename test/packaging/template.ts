/** A CloudFormation template as JSON, as far as the tests look at it. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
  readonly Outputs?: Record<string, unknown>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | readonly string[];
}

/** The resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): Map<string, TemplateResource> {
  return new Map(Object.entries(template.Resources).filter(([, resource]) => resource.Type === type));
}
