// Types of what the daemon answers, for the type checker only; no browser reads this file.

/** An entity by its id, perhaps with its name. */
interface Reference {
    id: string;
    name?: string;
}

interface Phone {
    display?: string;
    extension?: number;
    acceptsSMS?: boolean;
    normalizationCountryCode?: string;
    userInput?: string;
    e164?: string;
    countryCode?: string;
}

/** A contact or an organisation: what both have. Fields are read and written by path. */
interface Entity {
    id?: string;
    createDate?: string;
    modifyDate?: string;
    externalSystemUrl?: string;
    schema?: { id: string; version?: number };
    customFields?: Record<string, unknown>;
    [field: string]: unknown;
}

interface Contact extends Entity {
    firstName?: string;
    middleName?: string;
    lastName?: string;
    salutation?: string;
    title?: string;
    externalOrganization?: Reference;
    workPhone?: Phone;
    cellPhone?: Phone;
    homePhone?: Phone;
    otherPhone?: Phone;
    workEmail?: string;
    personalEmail?: string;
    otherEmail?: string;
    surveyOptOut?: boolean;
}

interface Organization extends Entity {
    name?: string;
    industry?: string;
    websites?: string[];
}

interface Note {
    id: string;
    noteText: string;
    createDate: string;
    modifyDate: string;
    createdBy?: { id?: string; name?: string };
}

interface Listing<T> {
    entities: T[];
    total: number;
    pageNumber: number;
    pageSize: number;
}

/** A field of a body that the daemon refused. */
interface Detail {
    errorCode?: string;
    fieldName?: string;
    entityId?: string;
}

interface ErrorBody {
    message?: string;
    code?: string;
    status?: number;
    contextId?: string;
    entityId?: string;
    details?: Detail[];
}

interface Session {
    name: string;
    /** Absent for a program. */
    role?: string;
    permissions: string[];
    defaultRegion: string;
}

/** What carnet makes of a text as a telephone number. */
interface ReadNumber {
    number: string;
    region: string;
    kind: 'e164' | 'several' | 'internal' | 'unread';
    e164?: string;
    international?: string;
    national?: string;
    country?: string;
    /** The kind of line, such as `mobile`. */
    lineKind?: string;
    /** Whether the country gives out such numbers. */
    valid?: boolean;
    extension?: string;
    numbers?: string[];
    reason?: string;
    accepted?: boolean;
}

interface Caller {
    read: ReadNumber;
    line: string;
    why: string;
    contacts: { id: string; name: string; organization?: string }[];
    microseconds: number;
}

interface Setting {
    name: string;
    value: string;
    /** What decides it, where it cannot be changed here. */
    fixedBy?: string;
    kind: 'region' | 'boolean' | 'text';
}

interface SettingChange {
    name: string;
    value: string;
    date: string;
    changedBy: string;
}

interface SchemaProperty {
    allOf?: { $ref: string }[];
    title?: string;
    description?: string;
    enum?: string[];
    _enumProperties?: Record<string, { title?: string; _disabled?: boolean }>;
    minLength?: number;
    maxLength?: number;
    minimum?: number;
    maximum?: number;
    minItems?: number;
    maxItems?: number;
    items?: { minLength?: number; maxLength?: number };
    uniqueItems?: boolean;
}

interface Schema {
    id?: string;
    name: string;
    version: number;
    enabled: boolean;
    jsonSchema: {
        $schema: string;
        title: string;
        description?: string;
        properties: Record<string, SchemaProperty>;
        /** Keys; absent where nothing is required. */
        required?: string[];
    };
}

interface ImportReport {
    added: number;
    updated: number;
    unchanged: number;
    skipped: number;
    errors: { line: number; field?: string; reason: string }[];
    errorsOmitted?: number;
    numbersUnread: number;
    notices?: { line: number; field: string; reason: string }[];
}
