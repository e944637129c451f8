/**
 * The references inside a template: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn` must name a resource that is there,
 * and an attribute that its type has. An object with an intrinsic function must hold nothing else.
 */
import type { Template } from './template.ts';

const INTRINSICS = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::ImportValue'];

type Attributes = (type: string) => readonly string[];

/** Every reference of `template` that leads nowhere, as `path: what is wrong`. */
export function referenceProblems(template: Template, attributesOf: Attributes): string[] {
  return [
    ...Object.entries(template.Resources).flatMap(([id, resource]) => [
      ...dependencies(resource.DependsOn).flatMap((on) => resourceProblem(template, on, `Resources.${id}.DependsOn`)),
      ...problemsIn(resource.Properties, `Resources.${id}.Properties`),
    ]),
    ...problemsIn(template.Outputs, 'Outputs'),
  ];

  function problemsIn(value: unknown, path: string): string[] {
    if (typeof value !== 'object' || value === null) return [];
    const entries = Object.entries(value);
    const inner = entries.flatMap(([key, child]) => problemsIn(child, `${path}.${key}`));
    const intrinsic = entries.find(([key]) => key === 'Ref' || key.startsWith('Fn::'));
    return intrinsic === undefined ? inner : [...inner, ...intrinsicProblems(intrinsic, entries.length, path)];
  }

  function intrinsicProblems([name, argument]: [string, unknown], keys: number, path: string): string[] {
    if (keys > 1) return [`${path}: ${name} must stand alone`];
    if (!INTRINSICS.includes(name)) return [`${path}: unknown function ${name}`];
    if (name === 'Ref') return resourceProblem(template, String(argument), path);
    if (name === 'Fn::GetAtt') {
      const [id = '', ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      return attributeProblem(id, attribute.join('.'), path);
    }
    return name === 'Fn::Sub' ? placeholders(argument).flatMap((inner) => placeholderProblem(inner, path)) : [];
  }

  function placeholderProblem(placeholder: string, path: string): string[] {
    const [id = '', ...attribute] = placeholder.split('.');
    return attribute.length > 0 ? attributeProblem(id, attribute.join('.'), path) : resourceProblem(template, id, path);
  }

  function attributeProblem(id: string, attribute: string, path: string): string[] {
    const type = template.Resources[id]?.Type;
    if (type === undefined) return resourceProblem(template, id, path);
    const allowed = attributesOf(type);
    return allowed.includes(attribute)
      ? []
      : [`${path}: ${type} has no attribute ${attribute}, but ${allowed.join(', ')}`];
  }
}

function resourceProblem(template: Template, id: string, path: string): string[] {
  return id.startsWith('AWS::') || id in template.Resources ? [] : [`${path}: there is no resource ${id}`];
}

function dependencies(dependsOn: string | readonly string[] | undefined): readonly string[] {
  return typeof dependsOn === 'string' ? [dependsOn] : (dependsOn ?? []);
}

/** What stands in `${...}`, but for literals (`${!Literal}`). */
function placeholders(argument: unknown): string[] {
  return [...String(argument).matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => match[1] ?? '');
}
