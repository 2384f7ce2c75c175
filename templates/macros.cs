<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Fields of forms. A field is a node of form.*: id, name, label, value, error, optional. ?><?cs

def:field_error(f) ?><?cs if:?f.error ?>
<p class="lh-error" id="<?cs var:f.id ?>-error"><?cs var:f.error ?></p><?cs /if ?><?cs /def ?><?cs

def:field_described(f) ?> aria-describedby="<?cs if:?f.error ?><?cs var:f.id ?>-error <?cs /if ?><?cs var:f.id ?>-help"<?cs if:?f.error ?> aria-invalid="true"<?cs /if ?><?cs /def ?><?cs

def:text_field(f, help, complete) ?>
<div class="lh-field">
<label for="<?cs var:f.id ?>"><?cs var:f.label ?></label><?cs call:field_error(f) ?>
<input class="form-control" type="text" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>" autocomplete="<?cs var:complete ?>" spellcheck="false" autocapitalize="none"<?cs call:field_described(f) ?>>
<p class="lh-help" id="<?cs var:f.id ?>-help"><?cs var:help ?></p>
</div><?cs /def ?><?cs

def:password_field(f, help, complete) ?>
<div class="lh-field">
<label for="<?cs var:f.id ?>"><?cs var:f.label ?></label><?cs call:field_error(f) ?>
<input class="form-control" type="password" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>" autocomplete="<?cs var:complete ?>"<?cs call:field_described(f) ?>>
<p class="lh-help" id="<?cs var:f.id ?>-help"><?cs var:help ?></p>
</div><?cs /def ?><?cs

def:number_field(f, unit, help) ?>
<div class="lh-field">
<label for="<?cs var:f.id ?>"><?cs var:f.label ?></label><?cs call:field_error(f) ?>
<div class="lh-with-unit"><input class="form-control lh-number" type="text" inputmode="numeric" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>" autocomplete="off"<?cs call:field_described(f) ?>><span><?cs var:unit ?></span></div>
<p class="lh-help" id="<?cs var:f.id ?>-help"><?cs var:help ?></p>
</div><?cs /def ?><?cs

def:count_cell(c, feature, label) ?>
<td data-label="<?cs var:label ?>" class="lh-count"><?cs if:?c.error ?>
<p class="lh-error" id="<?cs var:c.id ?>-error"><?cs var:c.error ?></p><?cs /if ?>
<input class="form-control lh-number" type="text" inputmode="numeric" id="<?cs var:c.id ?>" name="<?cs var:c.name ?>" value="<?cs var:c.value ?>" autocomplete="off" aria-label="<?cs var:feature ?> <?cs var:label ?>"<?cs if:?c.error ?> aria-invalid="true"<?cs /if ?> aria-describedby="<?cs if:?c.error ?><?cs var:c.id ?>-error <?cs /if ?>counts-help"></td><?cs /def ?><?cs

def:csrf() ?><input type="hidden" name="csrf" value="<?cs var:frame.csrf ?>"><?cs /def ?><?cs

def:state(kind, text) ?><span class="lh-state lh-state-<?cs var:kind ?>"><?cs var:text ?></span><?cs /def ?>
