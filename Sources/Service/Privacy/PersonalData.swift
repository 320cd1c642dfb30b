/// Kinds of personal data that can be recognized by their form.
package enum PersonalData: String, Sendable, CaseIterable {
    case cards, emails, phones
    case nationalIDs = "national_ids"
}
