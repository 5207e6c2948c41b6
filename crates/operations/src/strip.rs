//! The text that is sent: one operation, what it uses, and nothing of ours.

use crate::{directive, document::File, input};
use apollo_compiler::{
    Name, Node,
    collections::IndexSet,
    executable::{self, DirectiveList, ExecutableDocument, Selection, SelectionSet},
    schema::ExtendedType,
};

impl File<'_> {
    /// The operation and the fragments it uses, without our directives, and with `__typename`
    /// wherever a value may be of several types.
    pub(crate) fn stripped(&self, operation: &Node<executable::Operation>) -> String {
        let mut used = IndexSet::default();
        let mut clean = (**operation).clone();
        strip(&mut clean.directives);
        for variable in &mut clean.variables {
            let default = input::adopted(self.schema, self.document, operation, variable);
            let variable = variable.make_mut();
            variable.default_value = variable.default_value.take().or(default);
            strip(&mut variable.directives);
        }
        clean.selection_set = self.clean(&operation.selection_set, &mut used);
        let mut document = ExecutableDocument::new();
        document.operations.insert(clean);
        let mut next = 0;
        while let Some(name) = used.get_index(next).cloned() {
            next += 1;
            if let Some(fragment) = self.document.fragments.get(&name) {
                let mut fragment = fragment.clone();
                let set = self.clean(&fragment.selection_set, &mut used);
                fragment.make_mut().selection_set = set;
                document.fragments.insert(name, fragment);
            }
        }
        document.serialize().no_indent().to_string()
    }

    fn clean(&self, set: &SelectionSet, used: &mut IndexSet<Name>) -> SelectionSet {
        let mut clean = SelectionSet::new(set.ty.clone());
        let open = matches!(
            self.schema.types.get(&set.ty),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_))
        );
        if open
            && !set.fields().any(|field| field.name == "__typename")
            && let Ok(field) = clean.new_field(self.schema, apollo_compiler::name!("__typename"))
        {
            clean.push(field);
        }
        for selection in &set.selections {
            let mut selection = selection.clone();
            match &mut selection {
                Selection::Field(field) => {
                    let field = field.make_mut();
                    strip(&mut field.directives);
                    field.selection_set = self.clean(&field.selection_set, used);
                }
                Selection::InlineFragment(fragment) => {
                    let fragment = fragment.make_mut();
                    fragment.selection_set = self.clean(&fragment.selection_set, used);
                }
                Selection::FragmentSpread(spread) => {
                    used.insert(spread.fragment_name.clone());
                }
            }
            clean.push(selection);
        }
        clean
    }
}

fn strip(directives: &mut DirectiveList) {
    directives.0.retain(|node| !directive::is_ours(&node.name));
}
